import type { Command } from 'commander';
import { FACT_KEYS } from '../../log/facts.ts';
import type { LogRow } from '../../log/logRow.ts';
import { matching } from '../../log/query/matcher.ts';
import { parseQuery } from '../../log/query/parseQuery.ts';
import { readRunLog } from '../../studio/runs/runLog.ts';
import {
  openWorkspace,
  paintOf,
  printJson,
  printLine,
  sayWait,
  type CommandContext,
} from '../commandContext.ts';
import { EXIT } from '../exitCodes.ts';
import { seconds } from '../liveView.ts';

interface QueryFlags {
  readonly workspace: string;
  readonly count?: boolean;
  readonly json?: boolean;
}

const KEYS = Object.entries(FACT_KEYS).map(([key, about]) => `  ${key.padEnd(8)} ${about}`);

export function addQueryCommand(program: Command, context: CommandContext): void {
  program
    .command('query <run> <query...>')
    .summary('print the lines of a run that answer a question')
    .description(
      [
        'Asks the log of a run, given by its simId or as a .capsim file, such as',
        "  mesh-sim query 5d32 'status:error node:n2 not preceded-by(fault:partition within:5s)'",
        'Words, "texts in quotes" and key:value side by side have to hold together; or, not (-) and ( ) as usual;',
        'a value may be a list (n1,n2) and have * in it; at:>2s, at:500ms..3s; preceded-by(…) and followed-by(…).',
        ...KEYS,
        'Exit 0 when a line answers, 1 when none does.',
      ].join('\n'),
    )
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('--count', 'print how many lines answer, and no line')
    .option('--json', 'print one JSON object per line')
    .action((run: string, words: string[], flags: QueryFlags) => query(context, run, words, flags));
}

async function query(
  context: CommandContext,
  run: string,
  words: readonly string[],
  flags: QueryFlags,
): Promise<void> {
  // A mistake in it is told before anything is read.
  const asked = parseQuery(words.join(' '));
  const { rows, simId, isSigned } = await readRunLog(openWorkspace(context, flags.workspace), run);
  if (!isSigned)
    sayWait(context, `simulation ${simId} is not sealed: nobody has signed these events.`);
  const found = matching(rows, asked);
  if (found.length === 0) process.exitCode = EXIT.fail;
  if (flags.count === true) printLine(context, String(found.length));
  else for (const row of found) print(context, row, flags.json === true);
}

const PAINTS = { key: 'bold', detail: 'dim', problem: 'red' } as const;

function print(context: CommandContext, row: LogRow, isJson: boolean): void {
  const { at, nodeId, level, text, facts } = row;
  if (isJson) {
    printJson(context, { at, level, ...facts, text });
    return;
  }
  const place = `${seconds(at).padStart(7)} s  ${nodeId.padEnd(3)}`;
  printLine(context, `${place}  ${paintOf(context)(PAINTS[level], text)}`);
}
