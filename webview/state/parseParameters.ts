import {
  DEADLINE_MS,
  REAL_NODES,
  LATENCY_MS,
  LOSS_PERCENT,
  SEED,
  COMMIT_LENGTH,
} from '../../src/model/paramLimits.ts';
import { CHAOS_PRESETS } from '../../src/model/presets.ts';
import type { Drift } from '../../src/model/plan.ts';
import type { Topology } from '../../src/model/topology.ts';
import { listAt, nodeAt, numberAt, objectAt, oneOf, textAt, trueOrFalse } from './jsonParts.ts';
import { parseJson } from './jsonProblem.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './parameters.ts';

const TOPOLOGIES = ['uniform', 'ring', 'star', 'regions'] as const;
const MAX_REGIONS = 16;
const RTT_MS = { min: 0, max: 2_000 };

/**
 * The parameters a JSON text stands for; what it leaves out takes its default.
 * @throws Error with one sentence that says where in the text or the object the first problem is
 */
export function parseParameters(text: string): Parameters {
  const plan = objectAt(parseJson(text), '', Object.keys(DEFAULT_PARAMETERS));
  const given = { ...DEFAULT_PARAMETERS, ...plan };
  const params = parseParams(given.params);
  const { preset } = objectAt(given.chaos, 'chaos', ['preset']);
  return {
    params,
    seed: numberAt(given.seed, 'seed', { ...SEED, isWhole: true }),
    topology: parseTopology(given.topology, params.nodes),
    chaos: {
      preset: oneOf(CHAOS_PRESETS, preset ?? DEFAULT_PARAMETERS.chaos.preset, 'chaos.preset'),
    },
    drift: listAt(given.drift, 'drift', { min: 0, max: params.nodes }).map((drift, index) =>
      parseDrift(drift, `drift[${index}]`, params.nodes),
    ),
    deadlineMs: numberAt(given.deadlineMs, 'deadlineMs', { ...DEADLINE_MS, isWhole: true }),
  };
}

function parseParams(value: unknown): Parameters['params'] {
  const keys = Object.keys(DEFAULT_PARAMETERS.params);
  const given = { ...DEFAULT_PARAMETERS.params, ...objectAt(value, 'params', keys) };
  return {
    nodes: numberAt(given.nodes, 'params.nodes', { ...REAL_NODES, isWhole: true }),
    latencyMs: parseRange(given.latencyMs),
    packetLoss: numberAt(given.packetLoss, 'params.packetLoss', LOSS_PERCENT),
    verifySignatures: trueOrFalse(given.verifySignatures, 'params.verifySignatures'),
  };
}

function parseRange(value: unknown): [number, number] {
  const [from, to] = listAt(value, 'params.latencyMs', { min: 2, max: 2 });
  const min = numberAt(from, 'params.latencyMs[0]', LATENCY_MS);
  const max = numberAt(to, 'params.latencyMs[1]', LATENCY_MS);
  if (min > max)
    throw new Error('params.latencyMs is [from, to], but its first number is the larger.');
  return [min, max];
}

function parseTopology(value: unknown, nodes: number): Topology {
  const given = objectAt(value, 'topology', ['kind', 'centre', 'regions', 'rttMs']);
  const kind = oneOf(TOPOLOGIES, given.kind, 'topology.kind');
  if (kind === 'star') {
    return { kind, centre: nodeAt(given.centre ?? 'n0', 'topology.centre', nodes) };
  }
  if (kind === 'regions') return parseRegions(given);
  return { kind };
}

function parseRegions({ regions, rttMs }: Readonly<Record<string, unknown>>): Topology {
  const names = listAt(regions, 'topology.regions', { min: 2, max: MAX_REGIONS }).map(
    (name, index) => textAt(name, `topology.regions[${index}]`, { min: 1, max: Infinity }),
  );
  const square = { min: names.length, max: names.length };
  const rows = listAt(rttMs, 'topology.rttMs', square).map((row, from) =>
    listAt(row, `topology.rttMs[${from}]`, square).map((ms, to) =>
      numberAt(ms, `topology.rttMs[${from}][${to}]`, RTT_MS),
    ),
  );
  return { kind: 'regions', regions: names, rttMs: rows };
}

function parseDrift(value: unknown, path: string, nodes: number): Drift {
  const { node, service, commit } = objectAt(value, path, ['node', 'service', 'commit']);
  return {
    node: nodeAt(node, `${path}.node`, nodes),
    service: textAt(service, `${path}.service`, { min: 1, max: 63 }),
    commit: textAt(commit, `${path}.commit`, COMMIT_LENGTH),
  };
}
