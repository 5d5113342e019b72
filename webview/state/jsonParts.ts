import { nodeIdOf } from '../../src/model/nodeIds.ts';
import type { Bounds } from '../../src/model/paramLimits.ts';

/** What is wrong with one part of a JSON text, in one sentence that names the part. */
export class PartError extends Error {
  /** Keys and indices from the whole text to the part. */
  readonly at: readonly string[];

  /** @param path such as "drift[0].commit"; empty for the whole @param key of what is there, if that is the problem */
  constructor(path: string, sentence: string, key?: string) {
    super(sentence);
    this.at = [...(path.match(/[^.[\]]+/g) ?? []), ...(key === undefined ? [] : [key])];
  }
}

/** Readers of parts of a parsed JSON text. Each throws a PartError. */

/** @param path empty for the whole text @param keys those it may have */
export function objectAt(
  value: unknown,
  path: string,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  const name = path === '' ? 'The plan' : path;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PartError(path, `${name} must be one JSON object.`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const whole = path === '' ? 'a plan here' : path;
    throw new PartError(
      path,
      `"${unknown}" is not a part of ${whole}: ${keys.join(', ')}.`,
      unknown,
    );
  }
  return value as Readonly<Record<string, unknown>>;
}

export function listAt(value: unknown, path: string, { min, max }: Bounds): readonly unknown[] {
  if (Array.isArray(value) && value.length >= min && value.length <= max) return value;
  const most = max === Infinity ? 'or more' : `to ${max}`;
  const count = min === max ? `${min}` : `${min} ${most}`;
  throw new PartError(path, `${path} must be a list of ${count}.`);
}

export function numberAt(
  value: unknown,
  path: string,
  { min, max, isWhole = false }: Bounds & { readonly isWhole?: boolean },
): number {
  const fits = typeof value === 'number' && value >= min && value <= max;
  if (fits && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new PartError(path, `${path} must be ${kind} from ${min} to ${max}, not ${shown(value)}.`);
}

/** @throws PartError unless it is more than 0 */
export function positiveAt(value: unknown, path: string, isWhole = false): number {
  const fits = typeof value === 'number' && value > 0;
  if (fits && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new PartError(path, `${path} must be ${kind} above 0, not ${shown(value)}.`);
}

export function textAt(value: unknown, path: string, { min, max }: Bounds): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  const length = max === Infinity ? `at least ${min}` : `${min} to ${max}`;
  throw new PartError(path, `${path} must be a text of ${length} characters, not ${shown(value)}.`);
}

export function trueOrFalse(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new PartError(path, `${path} must be true or false, not ${shown(value)}.`);
}

export function oneOf<Choice extends string>(
  choices: readonly Choice[],
  value: unknown,
  path: string,
): Choice {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new PartError(path, `${path} must be one of ${choices.join(', ')}, not ${shown(value)}.`);
}

/** A node of a mesh of so many. */
export function nodeAt(value: unknown, path: string, nodes: number): string {
  const ids = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
  return oneOf(ids, value, path);
}

function shown(value: unknown): string {
  return value === undefined ? 'left out' : JSON.stringify(value);
}

/** An object that is told by one of a few keys, and may have the others that go with it. */
export function oneKindAt<Kind extends string>(
  value: unknown,
  path: string,
  othersOf: Readonly<Record<Kind, readonly string[]>>,
): { readonly named: Kind; readonly given: Readonly<Record<string, unknown>> } {
  const kinds = Object.keys(othersOf) as Kind[];
  const all = [...kinds, ...Object.values<readonly string[]>(othersOf).flat()];
  const named = kinds.find((kind) => objectAt(value, path, all)[kind] !== undefined);
  if (named !== undefined)
    return { named, given: objectAt(value, path, [named, ...othersOf[named]]) };
  objectAt(value, path, all);
  throw new PartError(path, `${path} must have one of ${kinds.join(', ')}.`);
}
