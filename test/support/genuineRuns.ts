import { sealRun, type SealedRun } from '../../src/evidence/seal.ts';
import type { Indicator, WindowIndicator } from '../../src/model/indicator.ts';
import { compareWindows } from '../../src/model/windowComparisons.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import type { Fault } from '../../src/model/plan.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { observationOf } from './observation.ts';
import { CAPSULE_HASH, CAPSULE_KEY, packedBefore, packEnvelopeBy } from './sealedRun.ts';
import { UPGRADE, upgradeObservation } from './upgradeObservation.ts';
import { rehearse } from './virtualPlans.ts';

export function seal(observation: RunObservation): SealedRun {
  return sealRun({
    observation,
    capsuleHash: CAPSULE_HASH,
    packEnvelope: packEnvelopeBy(CAPSULE_KEY),
    previousSim: 'ab'.repeat(32),
    key: CAPSULE_KEY,
    before: packedBefore(),
  });
}

const FAULTS: readonly Fault[] = [
  {
    when: { node: 'n3', phase: 'receive', progress: 0.4 },
    do: { kill: 'n3', restartAfterMs: 900 },
  },
  {
    when: { afterFault: 0, delayMs: 50 },
    do: { partition: { from: ['n0'], to: ['n1', 'n2'], oneWay: false }, healAfterMs: 100 },
  },
  { when: { atMs: 0 }, do: { slow: 'n2', factor: 2 } },
  { when: { atMs: 0 }, do: { corruptChunks: { to: 'n1', count: 2 } } },
  {
    when: { atMs: 10 },
    do: {
      degradeLink: { from: 'n0', to: 'n1', delay: { kind: 'constant', ms: 100 }, duplicate: 0.1 },
    },
  },
  { when: { atMs: 20 }, do: { pause: 'n1', services: ['orders'], forMs: 30 } },
  { when: { atMs: 20 }, do: { killService: { node: 'n2', service: 'orders' } } },
  { when: { atMs: 20 }, do: { refuse: { from: ['n0'], to: ['n1'], oneWay: false }, forMs: 30 } },
  {
    when: { atMs: 20 },
    do: { dns: { nodes: ['n2'], names: ['orders'], mode: 'delay', delayMs: 10 }, forMs: 30 },
  },
  { when: { atMs: 20 }, do: { fillDisk: 'n2', leaveBytes: 4_096, forMs: 30 } },
];

const measured = { comparator: '<=', passed: true } as const;
const INDICATORS: readonly Indicator[] = [
  {
    ...{ name: 'web: quick', metric: 'latency-p95-ms', ...measured },
    ...{ threshold: 300, value: 210.5, measuredBy: 'probes', over: 'wire', sampleSize: 120 },
  },
  {
    ...{ name: 'web: there', metric: 'availability-percent', comparator: '>=', passed: true },
    ...{ threshold: 99, value: 99.167, measuredBy: 'probes', over: 'wire', sampleSize: 120 },
  },
  {
    ...{ name: 'orders: up soon', metric: 'time-to-healthy-ms', ...measured },
    ...{ threshold: 900, value: 640.25, sampleSize: 3 },
  },
  {
    ...{ name: 'orders: back soon', metric: 'recovery-ms', ...measured },
    ...{ threshold: 2000, value: 1210.125, sampleSize: 1 },
  },
  {
    ...{ name: 'orders: quick for web', metric: 'latency-p95-ms', ...measured },
    ...{ threshold: 200, value: 12.5, measuredBy: 'calls', sampleSize: 110 },
  },
];

function chaosObservation(): RunObservation {
  const observed = observationOf({
    capsuleHash: CAPSULE_HASH,
    nodes: 4,
    wired: true,
    plan: {
      chaos: { faults: [...FAULTS] },
      failOnObjectives: true,
      placement: { orders: ['n1', 'n2', 'n3'], cache: ['n0'] },
    },
  });
  const judged = { name: 'objectives-met', observed: 'held', details: 'All were met.' } as const;
  return {
    ...observed,
    indicators: INDICATORS,
    programs: [
      {
        ...{ nodeId: 'n0', service: 'cache', path: '/usr/bin/redis-server', version: '7.0.15' },
        sha256: sha256Hex(Buffer.from('redis-server')),
      },
    ],
    invariants: [...observed.invariants, judged],
  };
}

/** On a machine that has no boxes. */
function failedObservation(): RunObservation {
  const observed = observationOf({ capsuleHash: CAPSULE_HASH, outcome: 'fail' });
  const isolationLimit = { by: 'machine', reason: 'only Linux has namespaces' } as const;
  const environment = { ...observed.environment, os: 'darwin', isolation: 'none', isolationLimit };
  return { ...observed, environment: { ...environment, isolation: 'none' } };
}

async function virtualObservation(): Promise<RunObservation> {
  const { observation } = await rehearse({
    capsuleHash: CAPSULE_HASH,
    params: { nodes: 4, latencyMs: [20, 60], packetLoss: 2 },
    bandwidth: { model: 'uplink', mbps: 100 },
    topology: { kind: 'ring' },
    chaos: { preset: 'crash-mid-deploy' },
  });
  return observation;
}

/** What virtual time observed, told of real nodes: the product has a check and a workload. */
async function upgradeOfServices(): Promise<RunObservation> {
  const virtual = await upgradeObservation({
    params: { nodes: 3, latencyMs: [20, 60], packetLoss: 4 },
  });
  const { environment, network } = observationOf({ nodes: 3, wired: true });
  const { upgrade } = virtual;
  if (upgrade === undefined) throw new Error('It has an upgrade.');
  const rounds = [
    ['before', 0],
    ['mixed', 1],
    ['rolled-back', 2],
    ['mixed', 3],
    ['after', 4],
  ] as const;
  const checks = rounds.flatMap(([window, wave]) =>
    ['n0', 'n1'].map((nodeId) => {
      return { name: 'what was booked is there', window, wave, nodeId, outcome: 'passed' } as const;
    }),
  );
  const indicator = (value: number, sampleSize: number) => {
    const stated = {
      name: 'web: there',
      metric: 'availability-percent',
      comparator: '>=',
    } as const;
    const measured = {
      threshold: 90,
      value,
      sampleSize,
      measuredBy: 'probes',
      over: 'wire',
    } as const;
    return { ...stated, ...measured, passed: true };
  };
  const indicators: WindowIndicator[] = [
    { ...indicator(95, 40), window: 'mixed' },
    { ...indicator(100, 30), window: 'before' },
  ];
  const answersOf = ({ value, sampleSize }: Indicator) =>
    Array.from({ length: sampleSize }, (_, at) => (100 * at < value * sampleSize ? 1 : 0));
  const held = ['checks-held', 'served-throughout'];
  return {
    ...virtual,
    environment,
    plan: { ...virtual.plan, world: 'real' },
    network: { ...virtual.network, services: network.services },
    indicators: [indicator(100, 60)],
    upgrade: {
      ...{ ...upgrade, checks, workload: { nodeId: 'n1', outcome: 'ran' } },
      answers: ['n0', 'n1', 'n2'].map((nodeId) => {
        return { service: 'store', nodeId, asked: 40, refused: 0, unanswered: 1 };
      }),
      indicators,
      comparisons: compareWindows(indicators, answersOf, false),
    },
    invariants: virtual.invariants.map((one) =>
      held.includes(one.name) ? { ...one, observed: 'held', details: 'Held.' } : one,
    ),
  };
}

/** Runs whose evidence is true in every respect: two put together as an orchestrator would, one observed in virtual time. */
const GENUINE = {
  'a pass with chaos': () => chaosObservation(),
  'a fail': () => failedObservation(),
  'a virtual pass': virtualObservation,
  'a virtual upgrade': () => upgradeObservation(),
  'an upgrade of services': upgradeOfServices,
  'a blue-green upgrade': () =>
    upgradeObservation({ upgrade: { ...UPGRADE, strategy: { kind: 'blue-green' } } }),
} as const;

export type GenuineName = keyof typeof GENUINE;

export const GENUINE_NAMES = Object.keys(GENUINE) as GenuineName[];

const sealed = new Map<GenuineName, Promise<SealedRun>>();

export function genuineRun(name: GenuineName): Promise<SealedRun> {
  const known = sealed.get(name) ?? Promise.resolve(GENUINE[name]()).then(seal);
  sealed.set(name, known);
  return known;
}
