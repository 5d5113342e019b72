import type { LinkReport, NodeReport } from '../../src/model/evidence.ts';
import { INVARIANTS, type Invariant } from '../../src/model/invariants.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import { PHASES, planSchema } from '../../src/model/plan.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { faultReportsOf } from './faultReports.ts';

export interface ObservationChoice {
  readonly nodes?: number;
  readonly outcome?: 'pass' | 'fail';
  readonly simId?: string;
  readonly capsuleHash?: string;
  readonly plan?: Partial<PlanInput>;
  /** ms since the Unix epoch; left out: the same one in every test. */
  readonly startedMs?: number;
}

export const SOME_CAPSULE_HASH = sha256Hex(Buffer.from('some capsule'));
export const SOME_SIM_ID = '7b0c1f6e-2b9f-4a51-9d3e-0c6a5f1d2e3b';

const STARTED_MS = Date.UTC(2026, 0, 5, 9, 0, 0);
const PHASE_MS = 250;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** On failure n1 halts in `verify`, as with drift; everything else goes well. */
function reportOf(index: number, isHalted: boolean, startedMs: number): NodeReport {
  const reached = isHalted ? PHASES.slice(0, 2) : PHASES;
  const phases = reached.map((name, at) => {
    const startMs = startedMs + at * PHASE_MS;
    const times = { name, start: iso(startMs), end: iso(startMs + PHASE_MS) };
    const hasFailed = isHalted && at === reached.length - 1;
    return hasFailed
      ? { ...times, status: 'error' as const, details: 'n1: the Capsule signature does not match.' }
      : { ...times, status: 'ok' as const };
  });
  return { nodeId: nodeIdOf(index), phases, signatureVerified: !isHalted };
}

/** As many packets over all links as tell whether one of a hundred is lost. */
function linkOf(from: number, to: number, nodes: number): LinkReport {
  const many = nodes === 2 ? 3 : 1;
  return {
    from: nodeIdOf(from),
    to: nodeIdOf(to),
    sent: 120 * many,
    delivered: 116 * many,
    dropped: 4 * many,
    lost: 4 * many,
    unreachable: 0,
    configuredMs: { p50: 80.5, p90: 150.25, p99: 178.125 },
    achievedMs: { p50: 80.7123, p90: 150.4, p99: 178.3 },
  };
}

function pairs(nodes: number): [number, number][] {
  const all = Array.from({ length: nodes * nodes }, (_, at): [number, number] => [
    Math.floor(at / nodes),
    at % nodes,
  ]);
  return all.filter(([from, to]) => from !== to);
}

function invariantsOf(hasPassed: boolean): Invariant[] {
  return INVARIANTS.map((name) => {
    return hasPassed || name !== 'converged'
      ? { name, observed: 'held', details: 'Held.' }
      : { name, observed: 'violated', details: 'n1 never became healthy.' };
  });
}

/** A run as an orchestrator could have observed it; the same choice gives the same observation. */
export function observationOf(choice: ObservationChoice = {}): RunObservation {
  const { nodes = 3, outcome = 'pass', simId = SOME_SIM_ID, startedMs = STARTED_MS } = choice;
  const plan = planSchema.parse({
    capsuleHash: choice.capsuleHash ?? SOME_CAPSULE_HASH,
    params: { nodes, latencyMs: [40, 180], packetLoss: 4 },
    seed: 609,
    ...choice.plan,
  });
  const hasPassed = outcome === 'pass';
  return {
    simId,
    plan,
    startedAt: iso(startedMs),
    endedAt: iso(startedMs + PHASES.length * PHASE_MS + 500),
    nodeReports: Array.from({ length: nodes }, (_, at) =>
      reportOf(at, !hasPassed && at === 1, startedMs),
    ),
    latencyMatrix: Array.from({ length: nodes }, (_, from) =>
      Array.from({ length: nodes }, (__, to) => (from === to ? 0 : 81.23456 + from + to / 10)),
    ),
    outcome,
    ...(hasPassed ? {} : { cause: 'n1: the Capsule signature does not match.' }),
    invariants: invariantsOf(hasPassed),
    indicators: [],
    network: {
      links: pairs(nodes).map(([from, to]) => linkOf(from, to, nodes)),
      decisionsDigest: sha256Hex(Buffer.from('decisions')),
      timingErrorMs: { p50: 0.15, p90: 0.28, p99: 0.6 },
      lowerBoundMs: 61.5,
      disseminationMs: 402.125,
      efficiency: 0.153,
      bandwidthModel: 'unlimited',
    },
    faults: faultReportsOf(plan, iso(startedMs + 3 * PHASE_MS)),
    recovery: Array.from({ length: nodes }, (_, at) => ({
      nodeId: nodeIdOf(at),
      crashes: 0,
      kept: 0,
      redelivered: 0,
      refused: 0,
    })),
    events: {
      count: 42,
      digest: sha256Hex(Buffer.from('events')),
      merkleRoot: sha256Hex(Buffer.from('root')),
    },
    environment: {
      os: 'linux',
      arch: 'x64',
      node: 'v24.0.0',
      product: 'mesh-sim-studio 0.1.0',
      fidelity: 'datagram',
      degraded: false,
    },
  };
}
