import type { Command } from 'commander';
import { passGate, previewGate } from '../../studio/deploy/gate.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { decisionLines } from '../decisionLines.ts';
import { EXIT } from '../exitCodes.ts';

interface GateFlags {
  readonly capsule: string;
  readonly env: string;
  readonly workspace: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addGateCommand(program: Command, context: CommandContext): void {
  program
    .command('gate')
    .summary('say whether a Capsule may be deployed, and every reason why not; exit 0 or 4')
    .description(
      'Verifies the newest rehearsal of a Capsule anew and holds it against the policy of an environment in\nmesh.environments.json. The decision is signed and recorded in the ledger, whichever it is.',
    )
    .requiredOption('--capsule <hash>', 'the Capsule; a unique prefix is enough')
    .requiredOption('--env <name>', 'the environment')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--dry-run', 'record nothing')
    .option('--json', 'print one JSON object')
    .action((flags: GateFlags) => gate(context, flags));
}

async function gate(context: CommandContext, flags: GateFlags): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  const request = { environment: flags.env, capsule: flags.capsule };
  const logged = flags.dryRun === true ? undefined : await passGate(workspace, request);
  const answer = logged ?? (await previewGate(workspace, request));
  const { decision, policy, needs } = answer;
  if (decision.decision === 'deny') process.exitCode = EXIT.refused;
  if (flags.json === true) {
    printJson(context, { ...decision, policy, needs, ...logged?.record });
    return;
  }
  for (const line of decisionLines(answer, paintOf(context))) printLine(context, line);
  if (logged?.record !== undefined) {
    printLine(context, `Recorded as ledger entry ${logged.record.ledgerIndex}.`);
  }
}
