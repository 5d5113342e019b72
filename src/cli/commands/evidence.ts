import path from 'node:path';
import type { Command } from 'commander';
import { statedRunOf } from '../../evidence/statedRun.ts';
import { baselineOf } from '../../studio/runs/baseline.ts';
import { findRun, readStatement, replayPlan } from '../../studio/runs/runs.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { evidenceLines } from '../evidenceLines.ts';
import { receiverAddress, sendOtlp } from '../otlp.ts';
import { runPlan } from '../runPlan.ts';
import { addRunOptions, type RunFlags } from './simulate.ts';

interface EvidenceFlags {
  readonly workspace: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly otlp?: string;
}

export function addEvidenceCommands(program: Command, context: CommandContext): void {
  program
    .command('export <simId>')
    .summary('write the signed evidence of a run to one .capsim file')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('-o, --output <file>', 'where to; default <simId>.capsim')
    .option('--otlp <url>', 'send what it states to an OTLP receiver instead')
    .action((simId: string, flags: EvidenceFlags) => exportRun(context, simId, flags));
  program
    .command('show <simId>')
    .summary('verify the evidence of a run and print what it states')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--json', 'print the verified statement')
    .action((simId: string, flags: EvidenceFlags) => showRun(context, simId, flags));
  addRunOptions(
    program
      .command('replay <simId|file.capsim>')
      .summary('run the plan of a sealed run again, from its evidence alone'),
  ).action((run: string, flags: RunFlags) => replay(context, run, flags));
}

async function exportRun(
  context: CommandContext,
  simId: string,
  flags: EvidenceFlags,
): Promise<void> {
  const address = flags.otlp === undefined ? undefined : receiverAddress(flags.otlp);
  const workspace = openWorkspace(context, flags.workspace);
  const run = await findRun(workspace, simId);
  if (address !== undefined) {
    const statement = await readStatement(workspace, run.capsim, run.capsimFile);
    await sendOtlp(statedRunOf(statement), address);
    printLine(context, `${run.simId} was sent to ${address}`);
    return;
  }
  const file = path.resolve(flags.output ?? `${run.simId}.capsim`);
  await replaceFile(file, run.capsim);
  printLine(context, file);
}

async function showRun(
  context: CommandContext,
  simId: string,
  flags: EvidenceFlags,
): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  const run = await findRun(workspace, simId);
  const statement = await readStatement(workspace, run.capsim, run.capsimFile);
  if (flags.json === true) {
    printJson(context, statement);
    return;
  }
  const baseline = await baselineOf(workspace, statement.predicate.meshsim_evidence);
  for (const line of evidenceLines(statement, baseline, paintOf(context))) printLine(context, line);
}

async function replay(context: CommandContext, run: string, flags: RunFlags): Promise<void> {
  const workspace = openWorkspace(context, flags.workspace);
  await runPlan(context, workspace, () => replayPlan(workspace, run), flags);
}
