import { healthOfCommand, milliseconds } from '../programs/healthOfCommand.ts';
import { commandOfLine } from '../programs/shellWords.ts';
import type { HealthSketch, HealthTimes, Said } from '../sketch.ts';
import { recordOf, textOf, type Values } from '../sources/values.ts';

/** Undefined: there is none, or it is switched off. */
export function composeHealth(
  service: Values,
  place: string,
): Said<HealthSketch & HealthTimes> | undefined {
  const {
    test,
    disable,
    interval,
    timeout,
    retries,
    start_period: start,
  } = recordOf(service.healthcheck);
  const command = commandOf(test);
  if (command === undefined || disable === true) return undefined;
  const value = healthOfCommand(command, {
    intervalMs: milliseconds(textOf(interval)),
    timeoutMs: milliseconds(textOf(timeout)),
    startMs: milliseconds(textOf(start)),
    retries: Number(textOf(retries) ?? 3),
  });
  return { value, source: `${place}.healthcheck` };
}

/** `["CMD", …]`, `["CMD-SHELL", line]`, `["NONE"]`, or a line for the shell. */
function commandOf(test: unknown): string | string[] | undefined {
  if (!Array.isArray(test)) {
    const line = textOf(test);
    return line === undefined || line === '' ? undefined : commandOfLine(line);
  }
  const [kind, ...words] = test.map((word) => textOf(word) ?? '');
  if (words.length === 0) return undefined;
  if (kind === 'CMD') return words;
  return kind === 'CMD-SHELL' ? commandOfLine(words.join(' ')) : undefined;
}
