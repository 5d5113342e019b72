import type { Invariant } from '../model/invariants.ts';
import type { Paint } from './paint.ts';

/** One invariant in the summary of a run: what was observed as a mark, and the sentence. */
export function invariantLine({ name, observed, details }: Invariant, paint: Paint): string {
  const mark = {
    held: paint('green', '✔'),
    violated: paint('red', '✖'),
    'not-observed': paint('yellow', '–'),
  }[observed];
  const text = observed === 'not-observed' ? `not observed: ${details}` : details;
  return `${mark} ${name.padEnd(22)} ${paint('dim', text)}`;
}
