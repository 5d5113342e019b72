import { signal } from '@preact/signals';
import type { StartRequest } from '../../src/model/api.ts';
import type { RunDefaults } from '../../src/model/boot.ts';
import { nodeIdOf, nodeIndexOf } from '../../src/model/nodeIds.ts';
import { isSpread, OTHER_NODES, type HostPlacement } from '../../src/model/hostPlacement.ts';
import { COMMIT_LENGTH } from '../../src/model/paramLimits.ts';
import type { Drift, Fault } from '../../src/model/plan.ts';
import type { Placement } from '../../src/model/placement.ts';
import type { ChaosPreset } from '../../src/model/presets.ts';
import type { Topology } from '../../src/model/topology.ts';
import type { UpgradePlan } from '../../src/model/upgradePlan.ts';
import { PartError } from './jsonParts.ts';
import type { AccessChoices } from './parseAccess.ts';
import { parseFaults } from './parseFaults.ts';
import { parseTopology } from './parseTopology.ts';
import { fittedStrategy } from './parseUpgrade.ts';

/** What a person chooses for the next run; the form and the JSON are two views of this one object. */
export interface Parameters {
  readonly params: {
    readonly nodes: number;
    /** One-way delay in ms, from and to. */
    readonly latencyMs: readonly [number, number];
    /** Percent. */
    readonly packetLoss: number;
    readonly verifySignatures: boolean;
  };
  readonly seed: number;
  readonly topology: Topology;
  /** Faults of its own, where there are any, are what happens, whatever the preset. */
  readonly chaos: { readonly preset: ChaosPreset; readonly faults?: readonly Fault[] };
  readonly drift: readonly Drift[];
  /** Service → the nodes that run it; one that is not named runs on every node. */
  readonly placement: Placement;
  /** Node → its last mile; undefined: no node has one. */
  readonly access?: AccessChoices | undefined;
  /** Where nodes live, as a plan says it; undefined: all on this machine. */
  readonly hosts?: HostPlacement | undefined;
  /** A missed or unmeasured objective fails the run. */
  readonly failOnObjectives: boolean;
  /** An indicator that is shown to be worse than the baseline fails the run. */
  readonly failOnRegression: boolean;
  /** After it, the run fails. */
  readonly deadlineMs: number;
  /** Which Capsule runs at first, and how the chosen one takes its place; undefined: the run is a first start. */
  readonly upgrade?: UpgradePlan | undefined;
}

export const DEFAULT_PARAMETERS: Parameters = {
  params: { nodes: 5, latencyMs: [40, 180], packetLoss: 0, verifySignatures: true },
  seed: 1,
  topology: { kind: 'uniform' },
  chaos: { preset: 'none' },
  drift: [],
  placement: {},
  failOnObjectives: false,
  failOnRegression: false,
  deadlineMs: 60_000,
};

export const parameters = signal<Parameters>(DEFAULT_PARAMETERS);

/** What was last written as JSON and has no control of its own: the form offers it again after something else was chosen. */
export const written = signal<{
  readonly chaos?: Parameters['chaos'];
  readonly topology?: Extract<Topology, { kind: 'custom' }>;
}>({});

/** For a page that is loaded: the form starts with what the settings of its host say. */
export function startWith({ params, deadlineMs }: RunDefaults): void {
  parameters.value = {
    ...DEFAULT_PARAMETERS,
    params: { ...DEFAULT_PARAMETERS.params, ...params },
    deadlineMs,
  };
}

export function setParameters(change: Partial<Parameters>): void {
  parameters.value = fitted({ ...parameters.value, ...change });
  const { chaos, topology } = parameters.value;
  if (chaos.faults !== undefined) written.value = { ...written.value, chaos };
  if (topology.kind === 'custom') written.value = { ...written.value, topology };
}

export function setParams(change: Partial<Parameters['params']>): void {
  setParameters({ params: { ...parameters.value.params, ...change } });
}

/** Nodes that are chosen stay within the mesh when it gets smaller; those that were written stay as they were written. */
export function fitted(value: Parameters): Parameters {
  const last = value.params.nodes - 1;
  const within = (nodeId: string): string => nodeIdOf(Math.min(nodeIndexOf(nodeId), last));
  const { topology, upgrade, params } = value;
  return {
    ...value,
    topology:
      topology.kind === 'star' ? { ...topology, centre: within(topology.centre) } : topology,
    drift: value.drift.map((drift) => ({ ...drift, node: within(drift.node) })),
    placement: Object.fromEntries(
      Object.entries(value.placement).map(([service, nodes]) => [
        service,
        [...new Set(nodes.map(within))],
      ]),
    ),
    ...(value.access && { access: fittedAccess(value.access, params.nodes) }),
    ...(value.hosts && { hosts: fittedHosts(value.hosts, params.nodes) }),
    ...(upgrade && {
      upgrade: { ...upgrade, strategy: fittedStrategy(upgrade.strategy, params.nodes) },
    }),
  };
}

/** Those of nodes that are no more are dropped: a node that lives elsewhere is no stand-in for another. */
function fittedHosts(hosts: HostPlacement, nodes: number): HostPlacement {
  return Object.fromEntries(
    Object.entries(hosts).filter(([node]) => node === OTHER_NODES || nodeIndexOf(node) < nodes),
  );
}

function fittedAccess(access: AccessChoices, nodes: number): AccessChoices | undefined {
  const there = Object.entries(access).filter(([node]) => nodeIndexOf(node) < nodes);
  return there.length === 0 ? undefined : Object.fromEntries(there);
}

/** Why a run of these parameters would be refused, in one sentence; undefined if it would not. */
export function refusalOf(value: Parameters): string | undefined {
  const { params, topology, chaos, drift, upgrade } = value;
  try {
    parseTopology(topology, params.nodes);
    parseFaults(chaos.faults ?? [], { nodes: params.nodes, upgrade });
  } catch (error) {
    if (error instanceof PartError) return error.message;
    throw error;
  }
  const tooShort = drift.find(({ commit }) => commit.trim().length < COMMIT_LENGTH.min);
  if (tooShort === undefined) return undefined;
  return `Drift of ${tooShort.node} needs a commit of at least ${COMMIT_LENGTH.min} characters.`;
}

/** What is off is left out: the plan of such a run is that of one started without these switches. */
export function startRequest(capsuleHash: string): StartRequest {
  const { params, chaos, drift, placement, access, hosts, upgrade, ...others } = parameters.value;
  const { failOnObjectives, failOnRegression, ...rest } = others;
  return {
    capsuleHash,
    params: { ...params, latencyMs: [...params.latencyMs] },
    ...rest,
    chaos: { ...chaos, faults: [...(chaos.faults ?? [])] },
    drift: [...drift],
    ...(Object.keys(placement).length === 0 ? {} : { placement: copied(placement) }),
    ...(access && { access: { ...access } }),
    ...(isSpread(hosts, params.nodes) ? { hosts: { ...hosts } as StartRequest['hosts'] } : {}),
    ...(failOnObjectives ? { failOnObjectives } : {}),
    ...(failOnRegression ? { failOnRegression } : {}),
    ...(upgrade && { upgrade }),
  };
}

function copied(placement: Placement): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(placement).map(([service, nodes]) => [service, [...nodes]]),
  );
}
