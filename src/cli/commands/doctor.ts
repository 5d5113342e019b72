import type { Command } from 'commander';
import type { Check } from '../../onramp/doctor/check.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  type CommandContext,
} from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';
import type { Paint } from '../paint.ts';

interface DoctorFlags {
  readonly workspace: string;
  readonly json?: boolean;
}

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .summary('look at this machine and this registry before anything runs')
    .description(
      'Looks for what a rehearsal needs of this machine, and for what the services of mesh.services.json will miss,\none line each with what to do. Exit code 1: no rehearsal can pass as things are.',
    )
    .option('--workspace <folder>', "the product's folder", '.')
    .option('--json', 'print one JSON object')
    .action((flags: DoctorFlags) => doctor(context, flags));
}

async function doctor(context: CommandContext, flags: DoctorFlags): Promise<void> {
  // Loaded this late: what reads a product's files is needed by few commands.
  const { examine } = await import('../../studio/onramp/doctor.ts');
  const checks = await examine(openWorkspace(context, flags.workspace), context.signal);
  if (flags.json === true) printJson(context, { checks });
  else for (const line of checkLines(checks, paintOf(context))) printLine(context, line);
  if (checks.some(({ state }) => state === 'fail')) process.exitCode = EXIT.fail;
}

const MARKS = { ok: ['green', '✔'], warn: ['yellow', '!'], fail: ['red', '✖'] } as const;

export function checkLines(checks: readonly Check[], paint: Paint): string[] {
  const widest = Math.max(...checks.map(({ about }) => about.length));
  return checks.map(({ about, state, found, remedy }) => {
    const [style, mark] = MARKS[state];
    const advice = remedy === undefined ? '' : `: ${remedy}`;
    return `${paint(style, mark)} ${about.padEnd(widest)}  ${found}${advice}`;
  });
}
