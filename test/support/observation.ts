import type {
  LinkReport,
  NetworkReport,
  NodeReport,
  RunEnvironment,
} from '../../src/model/evidence.ts';
import type { ServiceTraffic } from '../../src/model/serviceTraffic.ts';
import { lowerBound } from '../../src/mesh/bound.ts';
import { compilePlan } from '../../src/mesh/compiledPlan.ts';
import { shortestPaths } from '../../src/mesh/paths.ts';
import { INVARIANTS, type Invariant } from '../../src/model/invariants.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { isPlacedOn } from '../../src/model/placement.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import type { Fault, Plan, PlanInput } from '../../src/model/plan.ts';
import { PHASES, planSchema } from '../../src/model/plan.ts';
import type { LinkTable } from '../../src/network/linkTable.ts';
import { linkVariants } from '../../src/network/linkVariants.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { cutOn, faultReportsOf, refusedBy, slowness } from './faultReports.ts';

export interface ObservationChoice {
  readonly nodes?: number;
  readonly outcome?: 'pass' | 'fail';
  readonly simId?: string;
  readonly capsuleHash?: string;
  readonly plan?: Partial<PlanInput>;
  /** The machine was too busy for the delays of the plan. */
  readonly degraded?: boolean;
  /** Nodes had boxes with a wire, and their services spoke to each other. */
  readonly wired?: boolean;
  /** Nodes shared processes and paths with their machine, which gives no more. */
  readonly shared?: boolean;
  /** ms since the Unix epoch; left out: the same one in every test. */
  readonly startedMs?: number;
}

export const SOME_CAPSULE_HASH = sha256Hex(Buffer.from('some capsule'));
export const SOME_SIM_ID = '7b0c1f6e-2b9f-4a51-9d3e-0c6a5f1d2e3b';

const STARTED_MS = Date.UTC(2026, 0, 5, 9, 0, 0);
const PHASE_MS = 250;
/** Of a node that is killed on its way, so that it is back in time. */
const HURRIED_MS = 50;
/** A killed node is away for this long, whatever its plan says. */
const AWAY_MS = 900;
/** Such a node comes up late: when it verifies, n0 has. */
const LATE_MS = 400;
/** Long enough for one kill, for measuring and for stopping. */
const LASTED_MS = 1750;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

type Attempt = NodeReport['phases'][number];

/** One life of a node from `startMs` on; with `details` its last phase ends in an error. */
function lifeOf(
  startMs: number,
  phaseMs: number,
  names: readonly string[],
  details?: string,
): Attempt[] {
  return names.map((name, at) => {
    const start = startMs + at * phaseMs;
    const times = { name, start: iso(start), end: iso(start + phaseMs) };
    const hasFailed = details !== undefined && at === names.length - 1;
    return hasFailed ? { ...times, status: 'error', details } : { ...times, status: 'ok' };
  });
}

/** How often the plan kills a node and starts it again; each time it has just begun to receive. */
function killsOf(schedule: readonly Fault[], nodeId: string): number {
  return schedule.filter(({ do: effect }) => 'kill' in effect && effect.kill === nodeId).length;
}

const KILLED_AFTER = PHASES.slice(0, 3);
const LOST_MS = KILLED_AFTER.length * HURRIED_MS + AWAY_MS;

interface Life {
  readonly isHalted: boolean;
  readonly isChecked: boolean;
  readonly startedMs: number;
  readonly kills: number;
}

/** On failure n1 halts in `verify`, as with drift; everything else goes well. */
function reportOf(index: number, { isHalted, isChecked, startedMs, kills }: Life): NodeReport {
  const nodeId = nodeIdOf(index);
  if (isHalted) {
    const details = 'n1: the Capsule signature does not match.';
    const phases = lifeOf(startedMs, PHASE_MS, PHASES.slice(0, 2), details);
    return { nodeId, phases, signatureVerified: false };
  }
  const lost = Array.from({ length: kills }, (_, at) =>
    lifeOf(startedMs + LATE_MS + at * LOST_MS, HURRIED_MS, KILLED_AFTER, `${nodeId} was killed.`),
  );
  const last =
    kills > 0
      ? lifeOf(startedMs + LATE_MS + kills * LOST_MS, HURRIED_MS, PHASES)
      : lifeOf(startedMs, PHASE_MS, PHASES);
  return { nodeId, phases: [...lost.flat(), ...last], signatureVerified: isChecked };
}

/** One report for each link of the plan: delays the plan can give, and packets enough to tell whether one of a hundred is lost. */
function linkOf(
  table: LinkTable,
  schedule: readonly Fault[],
  from: number,
  to: number,
): LinkReport {
  const variants = linkVariants(table, schedule, from, to);
  const { least, most } = variants?.delay ?? { least: 0, most: 0 };
  const many = table.nodes === 2 ? 3 : 1;
  const dropped = variants?.mayLose === true ? 4 * many : 0;
  const unreachable = cutOn(schedule, nodeIdOf(from), nodeIdOf(to));
  const at = (share: number) => least + share * (most - least);
  return {
    from: nodeIdOf(from),
    to: nodeIdOf(to),
    sent: 120 * many + unreachable,
    delivered: 120 * many - dropped,
    dropped,
    lost: dropped,
    unreachable,
    configuredMs: { p50: at(0.5), p90: at(0.9), p99: at(0.99) },
    achievedMs: { p50: at(0.5) + 0.2123, p90: at(0.9) + 0.25, p99: at(0.99) + 0.3 },
  };
}

function linksOf(table: LinkTable): [number, number][] {
  return Array.from({ length: table.nodes }, (_, from) =>
    table.neighboursOf(from).map((to): [number, number] => [from, to]),
  ).flat();
}

function invariantsOf(hasPassed: boolean): Invariant[] {
  return INVARIANTS.map((name) => {
    return hasPassed || name !== 'converged'
      ? { name, observed: 'held', details: 'Held.' }
      : { name, observed: 'violated', details: 'n1 never became healthy.' };
  });
}

/** Over shortest ways, a little above what they take in the mean; at their end, when all chaos has come. */
function matrixOf(table: LinkTable, schedule: readonly Fault[]): number[][] {
  const factors = Array.from({ length: table.nodes }, (_, at) => slowness(schedule, nodeIdOf(at)));
  return factors.map((own, from) => {
    const { delayMs } = shortestPaths(table, from);
    return Array.from(delayMs, (ms, to) =>
      from === to ? 0 : ms * own * (factors[to] ?? 1) + 1.23456 + from + to / 10,
    );
  });
}

function timingErrorOf({ world }: Plan, degraded: boolean): NetworkReport['timingErrorMs'] {
  if (world === 'virtual') return { p50: 0, p90: 0, p99: 0 };
  return degraded ? { p50: 1, p90: 30, p99: 400 } : { p50: 0.15, p90: 0.28, p99: 0.6 };
}

/** Of services on links that lose 4 % of their packets. */
const SERVICES: ServiceTraffic = {
  sent: 4_000,
  bytes: 1_900_000,
  delivered: 3_790,
  lost: 160,
  queueDropped: 0,
  unreachable: 40,
  refused: { forgedSource: 2, foreignDestination: 1, unreadable: 0 },
  uncontrolled: 0,
  timingErrorMs: { p50: 0.2, p90: 0.5, p99: 0.9 },
  decisionsDigest: sha256Hex(Buffer.from('decisions about packets of services')),
};

function surroundingsOf(
  { world }: Plan,
  { wired = false, shared = false }: ObservationChoice,
): Pick<RunEnvironment, 'fidelity' | 'kernel' | 'tcp' | 'isolation' | 'isolationLimit'> {
  if (world === 'virtual') return { fidelity: 'virtual' };
  const isolationLimit = { by: 'machine', reason: 'it lets nobody mount' } as const;
  if (shared) return { fidelity: 'datagram', isolation: 'network', isolationLimit };
  if (!wired) return { fidelity: 'datagram', isolation: 'full' };
  const tcp = { congestionControl: 'cubic' };
  return { fidelity: 'kernel', kernel: '6.1.0-18-amd64', tcp, isolation: 'full' };
}

const DISSEMINATION_MS = 402.125;

/** Every service a plan places ran there, and no other is known here. */
function ranOf({ placement = {}, params }: Plan) {
  return Array.from({ length: params.nodes }, (_, index) => ({
    nodeId: nodeIdOf(index),
    services: Object.keys(placement)
      .filter((service) => isPlacedOn(placement, service, nodeIdOf(index)))
      .sort(),
  }));
}

/** A run as an orchestrator could have observed it; the same choice gives the same observation. */
export function observationOf(choice: ObservationChoice = {}): RunObservation {
  const {
    nodes = 3,
    outcome = 'pass',
    simId = SOME_SIM_ID,
    startedMs = STARTED_MS,
    degraded = false,
    wired = false,
  } = choice;
  const plan = planSchema.parse({
    capsuleHash: choice.capsuleHash ?? SOME_CAPSULE_HASH,
    params: { nodes, latencyMs: [40, 180], packetLoss: 4 },
    seed: 609,
    ...choice.plan,
  });
  const { table, schedule } = compilePlan(plan);
  const hasPassed = outcome === 'pass';
  const indices = Array.from({ length: plan.params.nodes }, (_, at) => at);
  const kills = indices.map((at) => killsOf(schedule, nodeIdOf(at)));
  const bound = lowerBound(table, []);
  // Chaos takes its time: each fault waits for the one before it.
  const faults = faultReportsOf(plan, {
    wired,
    startedMs,
    firstMs: KILLED_AFTER.length * PHASE_MS,
    apartMs: LOST_MS,
    killedMs: LATE_MS + KILLED_AFTER.length * HURRIED_MS,
    awayMs: AWAY_MS,
    againMs: LOST_MS,
  });
  const lastedMs = Math.max(
    LASTED_MS + LOST_MS * Math.max(0, schedule.length - 1),
    ...faults.map(({ firedAt, endedAt }) => Date.parse(endedAt ?? firedAt ?? '') - startedMs),
  );
  return {
    simId,
    plan,
    startedAt: iso(startedMs),
    endedAt: iso(startedMs + lastedMs),
    nodeReports: indices.map((at) =>
      reportOf(at, {
        isHalted: !hasPassed && at === 1,
        isChecked: plan.params.verifySignatures,
        startedMs,
        kills: kills[at] ?? 0,
      }),
    ),
    latencyMatrix: matrixOf(table, schedule).map((row, from) =>
      row.map((ms, to) => (hasPassed || from === to || (from !== 1 && to !== 1) ? ms : -1)),
    ),
    outcome,
    ...(hasPassed ? {} : { cause: 'n1: the Capsule signature does not match.' }),
    invariants: invariantsOf(hasPassed),
    indicators: [],
    network: {
      links: linksOf(table).map(([from, to]) => linkOf(table, schedule, from, to)),
      decisionsDigest: sha256Hex(Buffer.from('decisions')),
      timingErrorMs: timingErrorOf(plan, degraded),
      lowerBoundMs: bound.ms,
      disseminationMs: hasPassed ? DISSEMINATION_MS : -1,
      efficiency: hasPassed ? bound.ms / DISSEMINATION_MS : 0,
      bandwidthModel: table.bandwidth.model,
      ...(wired ? { services: SERVICES } : {}),
    },
    faults,
    recovery: indices.map((at) => ({
      nodeId: nodeIdOf(at),
      crashes: hasPassed || at !== 1 ? (kills[at] ?? 0) : 0,
      kept: (kills[at] ?? 0) > 0 ? 7 : 0,
      redelivered: 0,
      refused: refusedBy(schedule, nodeIdOf(at)),
    })),
    ...(plan.placement === undefined ? {} : { ran: ranOf(plan) }),
    events: {
      count: 20 + 14 * nodes * (1 + Math.max(...kills)),
      digest: sha256Hex(Buffer.from('events')),
      merkleRoot: sha256Hex(Buffer.from('root')),
    },
    environment: {
      os: 'linux',
      arch: 'x64',
      node: 'v24.0.0',
      product: 'mesh-sim-studio 0.1.0',
      degraded,
      ...surroundingsOf(plan, choice),
    },
  };
}
