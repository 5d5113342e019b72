import { INVARIANTS, UPGRADE_INVARIANTS } from '../../src/model/invariants.ts';
import { NODE_PHASES } from '../../src/model/plan.ts';
import { CHAOS_PRESETS } from '../../src/model/presets.ts';
import { ROLLBACKS, UPGRADE_ORDERS } from '../../src/model/upgradeChoices.ts';
import { UPGRADE_OUTCOMES, UPGRADE_WINDOWS } from '../../src/model/upgradeReport.ts';
import { sweepOf } from './sweep.ts';

/** Every way to change one thing in a tree of JSON, by its type. */

export interface Mutation {
  /** Where, with `[]` for any item of a list: `result.nodeReports[].phases[].start`. */
  readonly field: string;
  readonly what: string;
  /** The whole tree with that one change. */
  readonly changed: () => unknown;
}

type Path = readonly (string | number)[];

/** Words that stand for each other in some field. */
const VOCABULARIES: readonly (readonly string[])[] = [
  ['pass', 'fail'],
  ['PASSED', 'FAILED'],
  ['ok', 'error'],
  ['real', 'virtual'],
  ['virtual', 'datagram', 'kernel', 'stream-stall'],
  ['none', 'network', 'full'],
  ['machine', 'settings'],
  ['capsule-pack', 'deploy', 'previous-sim'],
  ['<=', '>='],
  ['held', 'violated', 'not-observed'],
  ['probes', 'calls'],
  ['wire', 'protocol'],
  ['unlimited', 'uplink', 'link'],
  ['uniform', 'ring', 'star'],
  ['old', 'new'],
  ['ok', 'failed', 'unfinished'],
  ['passed', 'failed', 'unfinished'],
  ['ran', 'failed'],
  UPGRADE_ORDERS,
  ROLLBACKS,
  UPGRADE_WINDOWS,
  UPGRADE_OUTCOMES,
  NODE_PHASES,
  [...INVARIANTS, ...UPGRADE_INVARIANTS, 'objectives-met', 'no-regression'],
  CHAOS_PRESETS,
  ['n0', 'n1', 'n2', 'n3', 'n4', 'n99'],
  ['latency-p95-ms', 'latency-p99-ms', 'availability-percent', 'time-to-healthy-ms', 'recovery-ms'],
];

/** Fields that may be there or not, by the end of the path of the object they belong to. */
const OPTIONAL: readonly (readonly [RegExp, string, unknown])[] = [
  [/params$/, 'chaosMode', true],
  [/params$/, 'chaosMode', false],
  [/phases\[\]$/, 'details', 'It broke.'],
  [/plan$/, '$schema', 'https://example.org/plan.json'],
  [/plan$/, 'bandwidth', { model: 'link', mbps: 100 }],
  [/plan$/, 'tcp', { congestionControl: 'reno' }],
  [/plan$/, 'failOnObjectives', true],
  [/plan$/, 'failOnRegression', true],
  [/environment$/, 'envFingerprint', 'c'.repeat(64)],
  [/environment$/, 'kernel', '6.1.0'],
  [/environment$/, 'tcp', { congestionControl: 'reno' }],
  [/environment$/, 'isolationLimit', { by: 'machine', reason: 'It gives none.' }],
  [/indicators\[\]$/, 'measuredBy', 'calls'],
  [/indicators\[\]$/, 'over', 'wire'],
  [/indicators\[\]$/, 'over', 'protocol'],
  [/do$/, 'restartAfterMs', 100],
  [/degradeLink$/, 'corrupt', 0.1],
  [/degradeLink$/, 'state', 'blackhole'],
];

const FIRST_ITEMS = sweepOf(Infinity, 2);
const ISO = /^\d{4}-\d\d-\d\dT.*Z$/;
const HOUR_MS = 3_600_000;

function numbers(value: number): unknown[] {
  return [0, -1, -value, value + 1, value - 1, value * 2, value / 2, value + 0.25, 1e9, 1e15];
}

function strings(value: string): unknown[] {
  if (ISO.test(value)) {
    const at = Date.parse(value);
    const times = [1, -1, 200, -200, HOUR_MS, -HOUR_MS].map((ms) => new Date(at + ms));
    return times.map((time) => time.toISOString());
  }
  const words = VOCABULARIES.filter((words) => words.includes(value)).flat();
  const other = value.startsWith('0') ? '1' : '0';
  return [
    ...words,
    '',
    `${value}x`,
    `${other}${value.slice(1)}`,
    `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`,
    `${value}\u202e`,
    `${value}\u009b`,
    `${value}\u200b`,
    'long'.repeat(20_000),
  ];
}

function lists(value: readonly unknown[]): [string, unknown][] {
  return value.flatMap((item, at): [string, unknown][] => {
    const without = value.filter((_, index) => index !== at);
    const swapped = [...value];
    [swapped[at], swapped[at + 1]] = [value[at + 1], item];
    return [
      ['drop', without],
      ['duplicate', [...value.slice(0, at + 1), ...value.slice(at)]],
      ...(at + 1 < value.length ? [['swap', swapped] as [string, unknown]] : []),
    ];
  });
}

function objects(value: object, field: string): [string, unknown][] {
  const removed = Object.keys(value).map((key): [string, unknown] => [
    `remove ${key}`,
    Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)),
  ]);
  const added = OPTIONAL.filter(([where, key]) => where.test(field) && !(key in value)).map(
    ([, key, what]): [string, unknown] => [`add ${key}`, { ...value, [key]: what }],
  );
  const none: [string, unknown][] = 'p50' in value ? [['to null', null]] : [];
  return [...removed, ...added, ...none];
}

/** What could stand in place of a value, and how it came about. */
function alternatives(value: unknown, field: string): [string, unknown][] {
  const named = (values: unknown[]): [string, unknown][] =>
    [...new Set(values)]
      .filter((other) => !Object.is(other, value))
      .map((other) => [`to ${String(other).slice(0, 40)}`, other]);
  if (typeof value === 'number') {
    // One that may be unknown.
    return named([...numbers(value), ...(field.endsWith('uncontrolled') ? [null] : [])]);
  }
  if (typeof value === 'string') return named(strings(value));
  if (typeof value === 'boolean') return named([!value]);
  if (value === null) return [['to quantiles', { p50: 1, p90: 2, p99: 3 }]];
  if (Array.isArray(value)) return lists(value);
  return typeof value === 'object' ? objects(value, field) : [];
}

function fieldOf(path: Path): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[]`;
    return name === '' ? key : `${name}.${key}`;
  }, '');
}

/** A copy of the tree with `value` at the path; what is not on the way is shared. */
function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(tree)) {
    return tree.map((item: unknown, at) => (at === key ? withValue(item, rest, value) : item));
  }
  const object = tree as Record<string, unknown>;
  return { ...object, [key]: withValue(object[key], rest, value) };
}

/** The names of all there is in a value, however deep. */
function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, child]) => `${Array.isArray(value) ? '' : key}(${shapeOf(child)})`)
    .join();
}

/** Where the items of a list are in which something is changed: of many of one shape a sample has the first ones and the last. */
function placesIn(list: readonly unknown[]): number[] {
  const ofShape = new Map<string, number[]>();
  for (const [at, item] of list.entries()) {
    const shape = shapeOf(item);
    ofShape.set(shape, [...(ofShape.get(shape) ?? []), at]);
  }
  return [...ofShape.values()].flatMap((places) =>
    places.filter((at, index) => index < FIRST_ITEMS || at === places.at(-1)),
  );
}

function* pathsIn(value: unknown, path: Path): Iterable<readonly [Path, unknown]> {
  if (path.length > 0) yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value))
    for (const [key, child] of Object.entries(value)) yield* pathsIn(child, [...path, key]);
  else for (const at of placesIn(value)) yield* pathsIn(value[at], [...path, at]);
}

/** Every field of the tree in turn, changed in every way its type knows. */
export function* mutationsOf(tree: unknown): Iterable<Mutation> {
  for (const [path, value] of pathsIn(tree, [])) {
    const field = fieldOf(path);
    for (const [what, other] of alternatives(value, field)) {
      yield { field, what, changed: () => withValue(tree, path, other) };
    }
  }
}
