import { nodeIdOf } from '../../src/model/nodeIds.ts';
import type { Bounds } from '../../src/model/paramLimits.ts';

/** Readers of parts of a parsed JSON text. Each throws an Error of one sentence that names the part. */

/** @param path empty for the whole text @param keys those it may have */
export function objectAt(
  value: unknown,
  path: string,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  const name = path === '' ? 'The plan' : path;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${name} must be one JSON object.`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const whole = path === '' ? 'a plan here' : path;
    throw new Error(`"${unknown}" is not a part of ${whole}: ${keys.join(', ')}.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

export function listAt(value: unknown, path: string, { min, max }: Bounds): readonly unknown[] {
  if (Array.isArray(value) && value.length >= min && value.length <= max) return value;
  const count = min === max ? `${min}` : `${min} to ${max}`;
  throw new Error(`${path} must be a list of ${count}.`);
}

export function numberAt(
  value: unknown,
  path: string,
  { min, max, isWhole = false }: Bounds & { readonly isWhole?: boolean },
): number {
  const fits = typeof value === 'number' && value >= min && value <= max;
  if (fits && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new Error(`${path} must be ${kind} from ${min} to ${max}, not ${shown(value)}.`);
}

export function textAt(value: unknown, path: string, { min, max }: Bounds): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  const length = max === Infinity ? `at least ${min}` : `${min} to ${max}`;
  throw new Error(`${path} must be a text of ${length} characters, not ${shown(value)}.`);
}

export function trueOrFalse(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new Error(`${path} must be true or false, not ${shown(value)}.`);
}

export function oneOf<Choice extends string>(
  choices: readonly Choice[],
  value: unknown,
  path: string,
): Choice {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new Error(`${path} must be one of ${choices.join(', ')}, not ${shown(value)}.`);
}

/** A node of a mesh of so many. */
export function nodeAt(value: unknown, path: string, nodes: number): string {
  const ids = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
  return oneOf(ids, value, path);
}

function shown(value: unknown): string {
  return value === undefined ? 'left out' : JSON.stringify(value);
}
