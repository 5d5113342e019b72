import {
  DEADLINE_MS,
  REAL_NODES,
  LATENCY_MS,
  LOSS_PERCENT,
  SEED,
  COMMIT_LENGTH,
} from '../../src/model/paramLimits.ts';
import { CHAOS_PRESETS } from '../../src/model/presets.ts';
import type { Placement } from '../../src/model/placement.ts';
import type { Drift } from '../../src/model/plan.ts';
import {
  listAt,
  nodeAt,
  numberAt,
  objectAt,
  oneOf,
  PartError,
  textAt,
  trueOrFalse,
} from './jsonParts.ts';
import { placeOf } from './jsonPlace.ts';
import { parseJson } from './jsonProblem.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './parameters.ts';
import { parseAccess } from './parseAccess.ts';
import { parseHosts } from './parseHosts.ts';
import { parseFaults, type FaultyMesh } from './parseFaults.ts';
import { parseTopology } from './parseTopology.ts';
import { parseUpgrade } from './parseUpgrade.ts';

/**
 * The parameters a JSON text stands for; what it leaves out takes its default.
 * @throws Error with one sentence that says where in the text or the object the first problem is
 */
export function parseParameters(text: string): Parameters {
  const value = parseJson(text);
  try {
    return parametersOf(value);
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    throw new Error(`${placeOf(text, error.at)}: ${error.message}`, { cause: error });
  }
}

function parametersOf(value: unknown): Parameters {
  const plan = objectAt(value, '', [
    ...Object.keys(DEFAULT_PARAMETERS),
    'access',
    'hosts',
    'upgrade',
  ]);
  const given = { ...DEFAULT_PARAMETERS, ...plan };
  const params = parseParams(given.params);
  const { nodes } = params;
  const upgrade = plan.upgrade === undefined ? undefined : parseUpgrade(plan.upgrade, nodes);
  return {
    params,
    seed: numberAt(given.seed, 'seed', { ...SEED, isWhole: true }),
    topology: parseTopology(given.topology, nodes),
    chaos: parseChaos(given.chaos, { nodes, upgrade }),
    drift: listAt(given.drift, 'drift', { min: 0, max: nodes }).map((drift, index) =>
      parseDrift(drift, `drift[${index}]`, nodes),
    ),
    placement: parsePlacement(given.placement, nodes),
    ...(plan.access === undefined ? {} : { access: parseAccess(plan.access, nodes) }),
    ...(plan.hosts === undefined ? {} : { hosts: parseHosts(plan.hosts, nodes) }),
    failOnObjectives: trueOrFalse(given.failOnObjectives, 'failOnObjectives'),
    failOnRegression: trueOrFalse(given.failOnRegression, 'failOnRegression'),
    deadlineMs: numberAt(given.deadlineMs, 'deadlineMs', { ...DEADLINE_MS, isWhole: true }),
    ...(upgrade === undefined ? {} : { upgrade }),
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
    throw new PartError(
      'params.latencyMs',
      'params.latencyMs is [from, to], but its first number is the larger.',
    );
  return [min, max];
}

function parseChaos(value: unknown, mesh: FaultyMesh): Parameters['chaos'] {
  const given = { ...DEFAULT_PARAMETERS.chaos, ...objectAt(value, 'chaos', ['preset', 'faults']) };
  const preset = oneOf(CHAOS_PRESETS, given.preset, 'chaos.preset');
  const { faults: listed = [] } = given;
  const faults = parseFaults(listed, mesh);
  return faults.length === 0 ? { preset } : { preset, faults };
}

function parsePlacement(value: unknown, nodes: number): Placement {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const given = Object.entries(objectAt(value, 'placement', keys));
  return Object.fromEntries(
    given.map(([service, places]) => {
      const path = `placement.${service}`;
      const named = listAt(places, path, { min: 1, max: nodes }).map((node, index) =>
        nodeAt(node, `${path}[${index}]`, nodes),
      );
      const twice = named.find((node, at) => named.indexOf(node) < at);
      if (twice !== undefined) throw new PartError(path, `${path} names ${twice} twice.`);
      if (!SERVICE_NAME.test(service)) {
        throw new PartError('placement', `"${service}" is no name of a service.`, service);
      }
      return [service, named];
    }),
  );
}

/** As model/names.ts has it, which carries a validator. */
const SERVICE_NAME = /^[a-z][a-z0-9-]{0,62}$/;

function parseDrift(value: unknown, path: string, nodes: number): Drift {
  const { node, service, commit } = objectAt(value, path, ['node', 'service', 'commit']);
  return {
    node: nodeAt(node, `${path}.node`, nodes),
    service: textAt(service, `${path}.service`, { min: 1, max: 63 }),
    commit: textAt(commit, `${path}.commit`, COMMIT_LENGTH),
  };
}
