import { MeshSimError } from '../base/errors.ts';
import { UPGRADE_DEADLINE_MS } from '../model/paramLimits.ts';
import { CHAOS_PRESETS } from '../model/presets.ts';
import { topologySchema, type Topology } from '../model/topology.ts';
import { describeIssues, readJsonObject } from '../studio/runs/planFile.ts';
import { regionTopology, USUAL_REGIONS } from '../model/regions.ts';
import { accessFlag } from './accessFlags.ts';
import { flagUsage } from './flagUsage.ts';
import { hostsFlags } from './hostFlags.ts';
import { regionsFlag } from './regionFlags.ts';
import { applyUpgradeFlags, type UpgradeFlags } from './upgradeFlags.ts';

/** The flags of a simulation as commander hands them over: text, or absent when not given. */
export interface PlanFlags extends UpgradeFlags {
  readonly capsule?: string;
  readonly nodes?: string;
  readonly latency?: string;
  readonly loss?: string;
  readonly seed?: string;
  readonly chaos?: string;
  readonly drift?: readonly string[];
  readonly place?: readonly string[];
  readonly on?: readonly string[];
  readonly spread?: string;
  readonly topology?: string;
  readonly regions?: string;
  readonly access?: readonly string[];
  readonly bandwidth?: string;
  readonly deadline?: string;
  readonly verifySignatures?: boolean;
  readonly failOnObjectives?: boolean;
  readonly failOnRegression?: boolean;
  readonly virtual?: boolean;
}

/** A plan as it stands in a file or in flags, before the schema has checked it. */
export type LoosePlan = Record<string, unknown>;

/**
 * Lays the flags over a plan read from a file: flags win.
 * @throws MeshSimError `usage` naming the flag and an example of what it takes
 */
export async function applyFlags(plan: LoosePlan, flags: PlanFlags): Promise<LoosePlan> {
  const params: LoosePlan = { ...(plan.params as LoosePlan | undefined) };
  const merged: LoosePlan = { ...plan, params };
  if (flags.nodes !== undefined) params.nodes = numberFlag('--nodes', flags.nodes, '5');
  if (flags.latency !== undefined) params.latencyMs = latencyFlag(flags.latency);
  if (flags.loss !== undefined) params.packetLoss = numberFlag('--loss', flags.loss, '4');
  if (flags.verifySignatures === false) params.verifySignatures = false;
  if (flags.seed !== undefined) merged.seed = numberFlag('--seed', flags.seed, '609');
  if (flags.chaos !== undefined) merged.chaos = { preset: chaosFlag(flags.chaos) };
  if (flags.drift !== undefined) merged.drift = flags.drift.map(driftFlag);
  if (flags.place !== undefined) merged.placement = placementFlag(flags.place);
  const hosts = hostsFlags(flags);
  if (hosts !== undefined) merged.hosts = hosts;
  if (flags.topology !== undefined) merged.topology = await topologyFlag(flags.topology);
  if (flags.regions !== undefined) merged.topology = regionsFlag(flags.regions, flags.topology);
  if (flags.access !== undefined) merged.access = accessFlag(flags.access);
  if (flags.bandwidth !== undefined) merged.bandwidth = bandwidthFlag(flags.bandwidth);
  if (flags.deadline !== undefined) merged.deadlineMs = durationFlag('--deadline', flags.deadline);
  const upgrade = applyUpgradeFlags(plan.upgrade, flags);
  if (upgrade !== undefined) {
    merged.upgrade = upgrade;
    merged.deadlineMs ??= UPGRADE_DEADLINE_MS;
  }
  if (flags.failOnObjectives === true) merged.failOnObjectives = true;
  if (flags.failOnRegression === true) merged.failOnRegression = true;
  if (flags.virtual === true) merged.world = 'virtual';
  return merged;
}

function numberFlag(flag: string, value: string, example: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) {
    throw flagUsage(flag, value, `a number such as ${example}`);
  }
  return number;
}

/** "50-150" or "50": one-way milliseconds. A leading minus is a negative minimum, which the schema refuses. */
function latencyFlag(value: string): [number, number] {
  const match = /^(-?\d+(?:\.\d+)?)(?:-(-?\d+(?:\.\d+)?))?$/.exec(value);
  if (match?.[1] === undefined) {
    throw flagUsage('--latency', value, 'milliseconds as min-max, such as 50-150');
  }
  const min = Number(match[1]);
  return [min, match[2] === undefined ? min : Number(match[2])];
}

function chaosFlag(value: string): string {
  if (!CHAOS_PRESETS.some((preset) => preset === value)) {
    throw flagUsage('--chaos', value, `one of ${CHAOS_PRESETS.join(', ')}`);
  }
  return value;
}

function driftFlag(value: string): { node: string; service: string; commit: string } {
  const match = /^(n\d+):([^@]+)@(.+)$/.exec(value);
  if (match === null)
    throw flagUsage('--drift', value, 'node:service@commit, such as n2:orders@9c0abe5');
  const [, node = '', service = '', commit = ''] = match;
  return { node, service, commit };
}

/** "orders=n0,n1": a service and the nodes that run it; each service once. */
function placementFlag(values: readonly string[]): Record<string, string[]> {
  const placement = new Map<string, string[]>();
  for (const value of values) {
    const [, service = '', nodes = ''] =
      /^([^=,]+)=(n\d+(?:,n\d+)*)$/.exec(value) ??
      fail(flagUsage('--place', value, 'service=nodes, such as orders=n0,n1'));
    if (placement.has(service)) {
      throw flagUsage(
        '--place',
        value,
        `"${service}" once, with all its nodes, such as orders=n0,n1`,
      );
    }
    placement.set(service, nodes.split(','));
  }
  return Object.fromEntries(placement);
}

function fail(error: MeshSimError): never {
  throw error;
}

async function topologyFlag(value: string): Promise<Topology> {
  if (value === 'uniform' || value === 'ring') return { kind: value };
  if (value === 'star') return { kind: 'star', centre: 'n0' };
  if (value === 'regions') return regionTopology(USUAL_REGIONS);
  if (!value.endsWith('.json')) {
    throw flagUsage('--topology', value, 'uniform, ring, star, regions or a .json file');
  }
  const parsed = topologySchema.safeParse(await readJsonObject(value, 'usage', 'a topology'));
  if (parsed.success) return parsed.data;
  throw new MeshSimError('usage', `${value}: ${describeIssues(parsed.error)}`);
}

/** "10" or "link:10": Mbit/s, per node's uplink unless "link:" says per link. */
function bandwidthFlag(value: string): { model: string; mbps: number } {
  const match = /^(?:(uplink|link):)?(\d+(?:\.\d+)?)$/.exec(value);
  if (match?.[2] === undefined) {
    throw flagUsage('--bandwidth', value, 'Mbit/s such as 10, uplink:10 or link:10');
  }
  return { model: match[1] ?? 'uplink', mbps: Number(match[2]) };
}

const MS_PER_UNIT = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
]);

function durationFlag(flag: string, value: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|)$/.exec(value);
  const unit = MS_PER_UNIT.get(match?.[2] ?? 'none');
  if (match?.[1] === undefined || unit === undefined) {
    throw flagUsage(flag, value, 'a duration such as 90s or 60000');
  }
  return Math.round(Number(match[1]) * unit);
}
