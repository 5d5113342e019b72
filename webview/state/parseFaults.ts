import type { Fault, FaultEffect, Phase, Trigger } from '../../src/model/plan.ts';
import { listAt, nodeAt, numberAt, objectAt, oneOf, PartError, trueOrFalse } from './jsonParts.ts';
import { LINK_KEYS, parseLink } from './parseLink.ts';

const MAX_FAULTS = 64;
const MS = { min: 0, max: 600_000, isWhole: true };
const SHARE = { min: 0, max: 1 };
const SLOWER = { min: 1, max: 100 };
const CHUNKS = { min: 1, max: 10_000, isWhole: true };
const SOME_NODES = { min: 1, max: Infinity };
const PHASES = ['boot', 'verify', 'receive', 'start', 'healthy'] as const satisfies Phase[];

/**
 * A chaos schedule, as chaosSchema of model/plan.ts and the rules of mesh/chaosSchedule.ts have it.
 * @throws PartError that names the first part of it that is wrong
 */
export function parseFaults(value: unknown, nodes: number): Fault[] {
  return listAt(value, 'chaos.faults', { min: 0, max: MAX_FAULTS }).map((fault, index) => {
    const path = `chaos.faults[${index}]`;
    const given = objectAt(fault, path, ['when', 'do']);
    return {
      when: parseTrigger(given.when, `${path}.when`, nodes, index),
      do: parseEffect(given.do, `${path}.do`, nodes),
    };
  });
}

type Given = Readonly<Record<string, unknown>>;

function parseTrigger(value: unknown, path: string, nodes: number, index: number): Trigger {
  const { named, given } = oneKindAt(value, path, {
    node: ['phase', 'progress'],
    atMs: [],
    afterFault: ['delayMs'],
  });
  if (named === 'atMs') return { atMs: numberAt(given.atMs, `${path}.atMs`, MS) };
  if (named === 'node') {
    const { progress = 0 } = given;
    return {
      node: nodeAt(given.node, `${path}.node`, nodes),
      phase: oneOf(PHASES, given.phase, `${path}.phase`),
      progress: numberAt(progress, `${path}.progress`, SHARE),
    };
  }
  const where = `${path}.afterFault`;
  if (index === 0) throw new PartError(where, `${where}: no fault comes before the first one.`);
  return {
    afterFault: numberAt(given.afterFault, where, { min: 0, max: index - 1, isWhole: true }),
    delayMs: numberAt(given.delayMs, `${path}.delayMs`, MS),
  };
}

function parseEffect(value: unknown, path: string, nodes: number): FaultEffect {
  const { named, given } = oneKindAt(value, path, {
    kill: ['restartAfterMs'],
    partition: ['healAfterMs'],
    degradeLink: [],
    slow: ['factor'],
    corruptChunks: [],
    byzantine: [],
  });
  const node = (of: Given, key: string, at = path): string =>
    nodeAt(of[key], `${at}.${key}`, nodes);
  const part = (keys: readonly string[]): Given => objectAt(given[named], `${path}.${named}`, keys);
  switch (named) {
    case 'kill':
      return { kill: node(given, 'kill'), ...laterAt(given, 'restartAfterMs', path) };
    case 'partition': {
      const sides = part(['from', 'to', 'oneWay']);
      const partition = parseSides(sides, `${path}.partition`, nodes);
      return { partition, ...laterAt(given, 'healAfterMs', path) };
    }
    case 'degradeLink': {
      const where = `${path}.degradeLink`;
      const link = part(['from', 'to', ...LINK_KEYS]);
      const ends = { from: node(link, 'from', where), to: node(link, 'to', where) };
      return { degradeLink: { ...ends, ...parseLink(link, where) } };
    }
    case 'slow':
      return {
        slow: node(given, 'slow'),
        factor: numberAt(given.factor, `${path}.factor`, SLOWER),
      };
    case 'corruptChunks': {
      const where = `${path}.corruptChunks`;
      const chunks = part(['to', 'count']);
      const count = numberAt(chunks.count, `${where}.count`, CHUNKS);
      return { corruptChunks: { to: node(chunks, 'to', where), count } };
    }
    case 'byzantine':
      if (given.byzantine !== 'n0') return { byzantine: node(given, 'byzantine') };
      throw new PartError(`${path}.byzantine`, `${path}.byzantine: all content comes from n0.`);
  }
}

function parseSides(given: Given, path: string, nodes: number) {
  const side = (key: 'from' | 'to'): string[] =>
    listAt(given[key], `${path}.${key}`, SOME_NODES).map((one, index) =>
      nodeAt(one, `${path}.${key}[${index}]`, nodes),
    );
  const [from, to] = [side('from'), side('to')];
  const both = from.find((nodeId) => to.includes(nodeId));
  if (both !== undefined) throw new PartError(path, `${path} has ${both} on both sides.`);
  const { oneWay = false } = given;
  return { from, to, oneWay: trueOrFalse(oneWay, `${path}.oneWay`) };
}

/** A time after which something is undone; nothing where it is left out. */
function laterAt<Key extends string>(
  given: Given,
  key: Key,
  path: string,
): Partial<Record<Key, number>> {
  if (given[key] === undefined) return {};
  return { [key]: numberAt(given[key], `${path}.${key}`, MS) } as Record<Key, number>;
}

/** An object that is told by one of a few keys, and may have the others that go with it. */
function oneKindAt<Kind extends string>(
  value: unknown,
  path: string,
  othersOf: Readonly<Record<Kind, readonly string[]>>,
): { readonly named: Kind; readonly given: Given } {
  const kinds = Object.keys(othersOf) as Kind[];
  const all = [...kinds, ...Object.values<readonly string[]>(othersOf).flat()];
  const named = kinds.find((kind) => objectAt(value, path, all)[kind] !== undefined);
  if (named !== undefined)
    return { named, given: objectAt(value, path, [named, ...othersOf[named]]) };
  objectAt(value, path, all);
  throw new PartError(path, `${path} must have one of ${kinds.join(', ')}.`);
}
