import type { Command } from 'commander';
import { deployCapsule, type FinishedDeploy } from '../../studio/deploy/deployCapsule.ts';
import { previewGate } from '../../studio/deploy/gate.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { decisionLines } from '../decisionLines.ts';
import { deployReporter, deploySignal, outcomeLine } from '../deployReporter.ts';
import { EXIT } from '../exitCodes.ts';

interface DeployFlags {
  readonly capsule: string;
  readonly env: string;
  readonly workspace: string;
  readonly dryRun?: boolean;
  readonly breakGlass?: string;
  readonly json?: boolean;
}

export function addDeployCommand(program: Command, context: CommandContext): void {
  program
    .command('deploy')
    .summary('deploy a Capsule to an environment, if its gate lets it')
    .description(
      'Asks the gate, lays the verified Capsule out, makes it active, sees that it is healthy, and goes back to what\nwas active before when it is not. The decision and the deploy are signed and recorded either way.',
    )
    .requiredOption('--capsule <hash>', 'the Capsule; a unique prefix is enough')
    .requiredOption('--env <name>', 'an environment of mesh.environments.json')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--dry-run', 'only say what the gate would say; record nothing')
    .option(
      '--break-glass <reason>',
      'deploy against the gate, where its policy allows that; recorded',
    )
    .option('--json', 'print one JSON object per line')
    .action((flags: DeployFlags) => deploy(context, flags));
}

async function deploy(context: CommandContext, flags: DeployFlags): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  const isJson = flags.json === true;
  const request = {
    environment: flags.env,
    capsule: flags.capsule,
    breakGlass: flags.breakGlass?.trim(),
  };
  const paint = paintOf(context);
  const tell = (answer: Parameters<typeof decisionLines>[0]): void => {
    if (isJson) printJson(context, { type: 'decision', ...answer.decision, needs: answer.needs });
    else for (const line of decisionLines(answer, paint)) printLine(context, line);
  };
  if (flags.dryRun === true) {
    const answer = await previewGate(workspace, request);
    tell(answer);
    if (answer.decision.decision === 'deny') process.exitCode = EXIT.refused;
    return;
  }
  const finished = await deployCapsule(workspace, {
    ...request,
    signal: deploySignal(context),
    listener: deployReporter(context, isJson),
    onDecision: tell,
  });
  report(context, finished, isJson);
}

function report(
  context: CommandContext,
  { status, recorded, gate, sentence }: FinishedDeploy,
  isJson: boolean,
): void {
  const { environment, capsuleHash } = gate.decision;
  if (status === 'refused') process.exitCode = EXIT.refused;
  if (status === 'failed') process.exitCode = context.signal.aborted ? EXIT.interrupted : EXIT.fail;
  if (isJson) {
    printJson(context, {
      type: 'end',
      status,
      environment,
      capsuleHash,
      decision: gate.record?.digest,
      ledgerIndex: recorded?.ledgerIndex ?? gate.record?.ledgerIndex,
      ...(recorded === undefined ? {} : { record: recorded.record }),
      ...(sentence === undefined ? {} : { sentence }),
    });
    return;
  }
  if (sentence !== undefined) printLine(context, `UNCHANGED  ${sentence}`);
  else if (recorded !== undefined) printLine(context, outcomeLine(recorded));
}
