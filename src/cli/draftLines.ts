import { shortened } from '../base/shortText.ts';
import type { Draft } from '../onramp/draft.ts';
import type { Gap } from '../onramp/sketch.ts';
import { padVisible, type Paint } from './paint.ts';

/** Of a value; the whole is in the file. */
const WIDEST_VALUE = 60;

/** What was taken from where, then what could not be carried over or known. Pure. */
export function draftLines(draft: Draft, paint: Paint): string[] {
  const { registry, taken, gaps, notes } = draft;
  const fields = registry.services.flatMap(({ name }) => {
    const own = taken.filter(({ service }) => service === name);
    const widest = Math.max(...own.map(({ field }) => field.length));
    return [
      paint('bold', name),
      ...own.map(({ field, value, source }) => {
        const shown = padVisible(shortened(value, WIDEST_VALUE), WIDEST_VALUE);
        return `  ${field.padEnd(widest)}  ${shown}  ${paint('dim', source)}`;
      }),
    ];
  });
  return [
    ...fields,
    ...notes.map((note) => paint('dim', `Note: ${note}.`)),
    ...gapLines(gaps, paint),
  ];
}

/** One line each, with what to do. */
export function gapLines(gaps: readonly Gap[], paint: Paint): string[] {
  if (gaps.length === 0) return [];
  return [
    paint('bold', `Not carried over, or not known (${gaps.length})`),
    ...gaps.map(
      ({ where, what, remedy }) => `  ${paint('yellow', '!')} ${where}: ${what}; ${remedy}.`,
    ),
  ];
}
