import { FAULT_KINDS, type EffectOf, type FaultKind } from '../../src/model/faultKinds.ts';
import type { FaultEffect } from '../../src/model/faultSchemas.ts';
import {
  listAt,
  nodeAt,
  numberAt,
  objectAt,
  oneKindAt,
  oneOf,
  PartError,
  textAt,
  trueOrFalse,
} from './jsonParts.ts';
import { LINK_KEYS, parseLink } from './parseLink.ts';

const MS = { min: 0, max: 600_000, isWhole: true };
const BYTES = { min: 0, max: 1_000_000_000_000, isWhole: true };
const SLOWER = { min: 1, max: 100 };
const CHUNKS = { min: 1, max: 10_000, isWhole: true };
const SOME = { min: 1, max: Infinity };
const SERVICE_NAME = { min: 1, max: 63 };
const HOST_NAME = { min: 1, max: 253 };

type Given = Readonly<Record<string, unknown>>;

interface Place {
  readonly path: string;
  readonly nodes: number;
}

/** How one kind is read: the keys it may have besides the one that names it, and what they say. */
interface Reader<Kind extends FaultKind> {
  readonly others: readonly string[];
  readonly read: (given: Given, place: Place) => EffectOf<Kind>;
}

const READERS: { readonly [Kind in FaultKind]: Reader<Kind> } = {
  kill: {
    others: ['restartAfterMs'],
    read: (given, place) => ({
      kill: node(given, 'kill', place),
      ...timeAt(given, 'restartAfterMs', place),
    }),
  },
  partition: {
    others: ['healAfterMs'],
    read: (given, place) => ({
      partition: sidesAt(given, 'partition', place),
      ...timeAt(given, 'healAfterMs', place),
    }),
  },
  degradeLink: {
    others: [],
    read: (given, place) => {
      const [link, where] = partAt(given, 'degradeLink', ['from', 'to', ...LINK_KEYS], place);
      const ends = { from: node(link, 'from', where), to: node(link, 'to', where) };
      return { degradeLink: { ...ends, ...parseLink(link, where.path) } };
    },
  },
  slow: {
    others: ['factor'],
    read: (given, place) => ({
      slow: node(given, 'slow', place),
      factor: numberAt(given.factor, `${place.path}.factor`, SLOWER),
    }),
  },
  corruptChunks: {
    others: [],
    read: (given, place) => {
      const [chunks, where] = partAt(given, 'corruptChunks', ['to', 'count'], place);
      const count = numberAt(chunks.count, `${where.path}.count`, CHUNKS);
      return { corruptChunks: { to: node(chunks, 'to', where), count } };
    },
  },
  byzantine: {
    others: [],
    read: (given, place) => {
      if (given.byzantine !== 'n0') return { byzantine: node(given, 'byzantine', place) };
      const path = `${place.path}.byzantine`;
      throw new PartError(path, `${path}: all content comes from n0.`);
    },
  },
  pause: {
    others: ['services', 'forMs'],
    read: (given, place) => ({
      pause: node(given, 'pause', place),
      ...(given.services === undefined
        ? {}
        : { services: listOf(given, 'services', place, serviceAt) }),
      forMs: numberAt(given.forMs, `${place.path}.forMs`, MS),
    }),
  },
  killService: {
    others: [],
    read: (given, place) => {
      const [killed, where] = partAt(given, 'killService', ['node', 'service'], place);
      const { service } = killed;
      const one =
        service === undefined ? {} : { service: serviceAt(service, `${where.path}.service`) };
      return { killService: { node: node(killed, 'node', where), ...one } };
    },
  },
  refuse: {
    others: ['forMs'],
    read: (given, place) => ({
      refuse: sidesAt(given, 'refuse', place),
      forMs: numberAt(given.forMs, `${place.path}.forMs`, MS),
    }),
  },
  dns: { others: ['forMs'], read: readNames },
  fillDisk: {
    others: ['leaveBytes', 'forMs'],
    read: (given, place) => ({
      fillDisk: node(given, 'fillDisk', place),
      leaveBytes: numberAt(given.leaveBytes ?? 0, `${place.path}.leaveBytes`, BYTES),
      forMs: numberAt(given.forMs, `${place.path}.forMs`, MS),
    }),
  },
};

const OTHERS = Object.fromEntries(
  FAULT_KINDS.map((kind) => [kind, READERS[kind].others]),
) as Record<FaultKind, readonly string[]>;

/** What a fault does. @throws PartError that names the first part of it that is wrong */
export function parseEffect(value: unknown, path: string, nodes: number): FaultEffect {
  const { named, given } = oneKindAt(value, path, OTHERS);
  return READERS[named].read(given, { path, nodes });
}

type Names = EffectOf<'dns'>['dns'];

function readNames(given: Given, place: Place): EffectOf<'dns'> {
  const forMs = numberAt(given.forMs, `${place.path}.forMs`, MS);
  const [dns, where] = partAt(given, 'dns', ['nodes', 'names', 'mode', 'delayMs'], place);
  const nodes = listOf(dns, 'nodes', where, (one, path) => nodeAt(one, path, place.nodes));
  const names = dns.names === undefined ? {} : { names: listOf(dns, 'names', where, nameAt) };
  const mode = oneOf(['fail', 'delay'] as const, dns.mode, `${where.path}.mode`);
  if (mode === 'delay') {
    const delayMs = numberAt(dns.delayMs, `${where.path}.delayMs`, MS);
    return { dns: { nodes, ...names, mode, delayMs } satisfies Names, forMs };
  }
  // A delay says nothing of names that fail.
  partAt(given, 'dns', ['nodes', 'names', 'mode'], place);
  return { dns: { nodes, ...names, mode } satisfies Names, forMs };
}

/** A list of one or more below a key. */
function listOf(
  of: Given,
  key: string,
  { path }: Place,
  read: (one: unknown, path: string) => string,
): string[] {
  return listAt(of[key], `${path}.${key}`, SOME).map((one, index) =>
    read(one, `${path}.${key}[${index}]`),
  );
}

function serviceAt(value: unknown, path: string): string {
  const name = textAt(value, path, SERVICE_NAME);
  if (/^[a-z][a-z0-9-]*$/.test(name)) return name;
  throw new PartError(path, `${path} must be lower-case letters, digits and hyphens.`);
}

function nameAt(value: unknown, path: string): string {
  return textAt(value, path, HOST_NAME);
}

function node(of: Given, key: string, { path, nodes }: Place): string {
  return nodeAt(of[key], `${path}.${key}`, nodes);
}

/** An object below a key, and where it is. */
function partAt(given: Given, key: string, keys: readonly string[], place: Place): [Given, Place] {
  const path = `${place.path}.${key}`;
  return [objectAt(given[key], path, keys), { ...place, path }];
}

/** Two groups of nodes with links between them. */
function sidesAt(given: Given, key: string, place: Place) {
  const [sides, { path, nodes }] = partAt(given, key, ['from', 'to', 'oneWay'], place);
  const side = (of: 'from' | 'to') =>
    listOf(sides, of, { path, nodes }, (one, at) => nodeAt(one, at, nodes));
  const [from, to] = [side('from'), side('to')];
  const both = from.find((nodeId) => to.includes(nodeId));
  if (both !== undefined) throw new PartError(path, `${path} has ${both} on both sides.`);
  const { oneWay = false } = sides;
  return { from, to, oneWay: trueOrFalse(oneWay, `${path}.oneWay`) };
}

/** A time after which something is undone; nothing where it is left out. */
function timeAt<Key extends string>(
  given: Given,
  key: Key,
  { path }: Place,
): Partial<Record<Key, number>> {
  if (given[key] === undefined) return {};
  return { [key]: numberAt(given[key], `${path}.${key}`, MS) } as Record<Key, number>;
}
