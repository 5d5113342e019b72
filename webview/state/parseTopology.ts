import { REGION_COUNT } from '../../src/model/paramLimits.ts';
import type { Topology } from '../../src/model/topology.ts';
import { listAt, nodeAt, numberAt, objectAt, oneOf, PartError, textAt } from './jsonParts.ts';
import { LINK_KEYS, parseLink } from './parseLink.ts';

const RTT_MS = { min: 0, max: 2_000 };
const ANY_NUMBER = { min: 1, max: Infinity };

type Given = Readonly<Record<string, unknown>>;
type CustomLinks = Extract<Topology, { kind: 'custom' }>['links'];

const KEYS = {
  uniform: [],
  ring: [],
  star: ['centre'],
  regions: ['regions', 'rttMs'],
  custom: ['links'],
} as const satisfies Record<Topology['kind'], readonly string[]>;
const KINDS = Object.keys(KEYS) as Topology['kind'][];

/**
 * Which nodes are linked, as topologySchema of model/topology.ts has it.
 * @throws PartError that names the first part of it that is wrong
 */
export function parseTopology(value: unknown, nodes: number): Topology {
  const given = objectAt(value, 'topology', ['kind', ...Object.values(KEYS).flat()]);
  const kind = oneOf(KINDS, given.kind, 'topology.kind');
  objectAt(value, 'topology', ['kind', ...KEYS[kind]]);
  switch (kind) {
    case 'uniform':
    case 'ring':
      return { kind };
    case 'star': {
      const { centre = 'n0' } = given;
      return { kind, centre: nodeAt(centre, 'topology.centre', nodes) };
    }
    case 'regions':
      return parseRegions(given);
    case 'custom':
      return { kind, links: parseLinks(given.links, nodes) };
  }
}

function parseRegions({ regions, rttMs }: Given): Topology {
  const names = listAt(regions, 'topology.regions', REGION_COUNT).map((name, index) =>
    textAt(name, `topology.regions[${index}]`, ANY_NUMBER),
  );
  const square = { min: names.length, max: names.length };
  const rows = listAt(rttMs, 'topology.rttMs', square).map((row, from) =>
    listAt(row, `topology.rttMs[${from}]`, square).map((ms, to) =>
      numberAt(ms, `topology.rttMs[${from}][${to}]`, RTT_MS),
    ),
  );
  return { kind: 'regions', regions: names, rttMs: rows };
}

function parseLinks(value: unknown, nodes: number): CustomLinks {
  const known = new Set<string>();
  return listAt(value, 'topology.links', ANY_NUMBER).map((one, index) => {
    const path = `topology.links[${index}]`;
    const given = objectAt(one, path, ['from', 'to', ...LINK_KEYS]);
    const from = nodeAt(given.from, `${path}.from`, nodes);
    const to = nodeAt(given.to, `${path}.to`, nodes);
    const link = `${from} to ${to}`;
    if (from === to) throw new PartError(path, `${path} links ${from} to itself.`);
    if (known.has(link)) throw new PartError(path, `${path} is a second link from ${link}.`);
    known.add(link);
    return { from, to, ...parseLink(given, path) };
  });
}
