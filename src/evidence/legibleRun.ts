import { legible } from '../base/shortText.ts';
import type { RunObservation } from '../model/observation.ts';

/** UTF-16 code units of the longest text of a statement: a sentence with the last line of a program, cut where it is longer. */
export const MAX_TEXT_LENGTH = 4000;

function legibleDeep<T>(value: T): T {
  if (typeof value === 'string') return legible(value, MAX_TEXT_LENGTH) as T;
  if (Array.isArray(value)) return value.map((item) => legibleDeep<unknown>(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, legibleDeep<unknown>(item)]);
  return Object.fromEntries(entries) as T;
}

/**
 * An observation in which everything said can be read: services write what they like, and their last words become part of
 * sentences. The plan is as it was.
 */
export function legibleRun(observation: RunObservation): RunObservation {
  const { nodeReports, invariants, indicators, environment, upgrade } = observation;
  const said = legibleDeep({
    ...{ nodeReports, invariants, indicators, environment },
    ...(upgrade === undefined ? {} : { upgrade }),
  });
  return { ...observation, ...said };
}
