import path from 'node:path';
import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import { WHOLE_CHAIN } from '../../model/trustExport.ts';
import { resolveCapsule } from '../../studio/capsules/findCapsule.ts';
import { provenanceGraph } from '../../studio/provenance/provenanceGraph.ts';
import { provenanceSvg } from '../../studio/provenance/provenanceSvg.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { Studio } from '../../studio/studio.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';
import { trustLines } from '../trustLines.ts';

interface TrustFlags {
  readonly capsule?: string;
  readonly workspace: string;
  readonly json?: boolean;
  readonly svg?: string;
}

export function addTrustCommand(program: Command, context: CommandContext): void {
  program
    .command('trust')
    .summary(
      'the chain Capsule → evidence → gate → deploy, every link checked; exit 1 if one is not',
    )
    .option('--capsule <hash>', "one Capsule's chain; left out: the newest entries of all")
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'print the graph as one JSON object')
    .option('--svg <file>', 'write it as a drawing')
    .action((flags: TrustFlags) => trust(context, flags));
}

async function trust(context: CommandContext, flags: TrustFlags): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  if (!workspace.hasLedger()) {
    throw new MeshSimError(
      'usage',
      `${workspace.paths.folder} has no ledger: pack a Capsule first.`,
    );
  }
  const { capsule } = flags;
  const graph = await provenanceGraph(
    new Studio(workspace),
    capsule === undefined
      ? {}
      : { capsuleHash: await resolveCapsule(workspace, capsule), limit: WHOLE_CHAIN },
  );
  const { problem } = graph;
  const isUnproven = graph.nodes.some(({ status }) => status === 'unproven');
  if (isUnproven || problem !== undefined) process.exitCode = EXIT.fail;
  if (flags.svg !== undefined) await replaceFile(path.resolve(flags.svg), provenanceSvg(graph));
  if (flags.json === true) {
    printJson(context, graph);
    return;
  }
  for (const line of trustLines(graph, paintOf(context))) printLine(context, line);
}
