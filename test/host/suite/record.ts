import { appendFileSync } from 'node:fs';
import { RESULTS_VARIABLE, type HostRecord } from '../runner/records.ts';

/** Written at once: a host that is killed has told everything up to then. */
export function record(entry: HostRecord): void {
  const file = process.env[RESULTS_VARIABLE];
  if (file === undefined) throw new Error(`${RESULTS_VARIABLE} names no file for the results.`);
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** A figure for the reader of the results, which nothing asserts. */
export function note(text: string): void {
  record({ type: 'note', text });
}
