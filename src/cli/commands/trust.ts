import path from 'node:path';
import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import type { GraphNode } from '../../model/provenanceApi.ts';
import { WHOLE_CHAIN } from '../../model/trustExport.ts';
import { resolveCapsule } from '../../studio/capsules/findCapsule.ts';
import { provenanceGraph } from '../../studio/provenance/provenanceGraph.ts';
import { provenanceSvg } from '../../studio/provenance/provenanceSvg.ts';
import { treeRows } from '../../studio/provenance/provenanceText.ts';
import { replaceFile } from '../../studio/workspace/replaceFile.ts';
import { Studio } from '../../studio/studio.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';
import type { Paint, Style } from '../paint.ts';

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
  const paint = paintOf(context);
  if (problem !== undefined) {
    printLine(context, paint(['bold', 'red'], `The ledger is broken: ${problem}`));
    printLine(context, 'Entries may be missing here, and none from the break on is proven.');
  }
  for (const { branch, node } of treeRows(graph)) {
    printLine(context, `${paint('dim', branch)}${nodeLine(node, paint)}`);
    const indent = branch.replace('├', '│').replaceAll(/[└─]/g, ' ');
    for (const { rule, status, sentence } of node.rules ?? []) {
      if (status !== 'failed') continue;
      printLine(context, `${paint('dim', indent)}    ${paint('red', rule)}  ${sentence}`);
    }
  }
  if (graph.next !== undefined) printLine(context, `… and older entries before ${graph.next}.`);
}

const MARKS: Record<GraphNode['status'], readonly [mark: string, style: Style]> = {
  proven: ['✔', 'green'],
  failed: ['✖ failed', 'red'],
  refused: ['⊘ refused', 'red'],
  unproven: ['? UNPROVEN', 'yellow'],
};

function nodeLine(node: GraphNode, paint: Paint): string {
  const [mark, style] = MARKS[node.status];
  const glass = node.isBreakGlass === true ? ` ${paint(['bold', 'red'], 'GLASS BROKEN')}` : '';
  const facts = paint('dim', `entry ${node.index}, ${node.at}`);
  return `${paint(style, mark)} ${paint('bold', node.title)}${glass}  ${node.lines[0] ?? ''}  ${facts}`;
}
