import { linkName } from '../model/serviceLink.ts';
import type { ServiceLinks } from '../runtime/real/serviceLinks.ts';
import type { FinishedSimulation } from '../studio/runs/simulateMesh.ts';
import { printJson, printLine, type CommandContext } from './commandContext.ts';
import type { ReportMode } from './runReporter.ts';
import { terminalText } from './terminalText.ts';

/** What can be looked at of a run, as far as it got. */
export interface Looking {
  links?: ServiceLinks | undefined;
  run?: FinishedSimulation;
}

/**
 * Of a sealed run that is held up: says so, and where to look at it, and has it ended at Ctrl-C. Resolves when nothing of it is
 * left.
 */
export async function holdUntilInterrupted(
  context: CommandContext,
  { run, links }: Looking,
  mode: ReportMode,
): Promise<void> {
  if (run?.held === undefined) return;
  const { held, simId } = run;
  const say = sayIn(context, mode);
  if (mode === 'json') printJson(context, { type: 'held', simId });
  say('');
  say('Held up: its nodes run on until Ctrl-C. What happens from now on is in no record.');
  for (const { address, ...link } of links?.list() ?? []) {
    if (address !== undefined) say(`  ${linkName(link)}  ${address}`);
  }
  await Promise.race([interrupted(context.signal), held.ended]);
  await held.end();
  say('Every node was stopped.');
}

/** Events and verdicts on stdout are read by programs. */
function sayIn(context: CommandContext, mode: ReportMode): (line: string) => void {
  return mode === 'json' || mode === 'quiet'
    ? (line) => {
        if (line !== '') context.stderr.write(`mesh-sim: ${terminalText(line)}\n`);
      }
    : (line) => printLine(context, line);
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
