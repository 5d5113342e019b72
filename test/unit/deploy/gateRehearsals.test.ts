import assert from 'node:assert/strict';
import type { RunObservation } from '../../../src/model/observation.ts';
import type { Delay, Loss } from '../../../src/model/topology.ts';
import { ask, testCases, type Case } from '../../support/gateCases.ts';

const BURSTS = { kind: 'gilbert-elliott', r: 0.9, lossGood: 0, lossBad: 0.5 } as const;

/** A rehearsal in which the link from n0 to n1 is another one than the slider says. */
function withLink(settings: { loss: Loss } | { delay: Delay }): NonNullable<Case['run']> {
  const pairs = ['n0', 'n1', 'n2'].flatMap((from, _, all) =>
    all.filter((to) => to !== from).map((to) => ({ from, to })),
  );
  const [first, ...others] = pairs;
  return {
    plan: { topology: { kind: 'custom', links: [{ ...first!, ...settings }, ...others] } },
  };
}

function heldUp({ invariants }: RunObservation): Partial<RunObservation> {
  const unseen = { observed: 'not-observed', details: 'Nobody could see.' } as const;
  const searched = (name: string) => (name === 'no-process-left' ? unseen : {});
  return {
    held: true,
    invariants: invariants.map((one) => ({ ...one, ...searched(one.name) })),
  };
}
const REDIS = {
  ...{ nodeId: 'n0', service: 'cache', path: '/usr/bin/redis-server', version: '7.0.15' },
  sha256: 'a'.repeat(64),
};
const WITH_REDIS: NonNullable<Case['run']> = { observed: () => ({ programs: [REDIS] }) };

const CASES: readonly Case[] = [
  { name: 'a fresh rehearsal that meets the strict policy', failed: [] },

  {
    name: 'a run whose nodes were held up when it was sealed',
    run: { observed: heldUp },
    failed: ['not-held'],
  },

  // Age and clocks
  { name: 'a run that failed', run: { outcome: 'fail' }, failed: ['outcome-pass'] },
  { name: 'two nodes', run: { nodes: 2 }, failed: ['enough-nodes'] },
  { name: 'three nodes', run: { nodes: 3 }, failed: [] },
  {
    name: 'nine nodes where ten are asked for',
    run: { nodes: 9 },
    gate: { minNodes: 10 },
    failed: ['enough-nodes'],
  },
  { name: 'no chaos', run: { plan: { chaos: {} } }, failed: ['chaos'] },
  {
    name: 'no chaos, where none is asked for',
    run: { plan: { chaos: {} } },
    gate: { requireChaos: false },
    failed: [],
  },
  {
    name: 'a chaos schedule of its own',
    run: {
      plan: {
        chaos: { faults: [{ when: { atMs: 10 }, do: { kill: 'n1', restartAfterMs: 100 } }] },
      },
    },
    failed: [],
  },
  {
    name: 'no loss',
    run: { plan: { params: { nodes: 3, packetLoss: 0 } } },
    failed: ['enough-loss'],
  },
  {
    name: 'exactly the loss asked for',
    run: { plan: { params: { nodes: 3, packetLoss: 1 } } },
    failed: [],
  },
  {
    name: 'a little less loss than asked for',
    run: { plan: { params: { nodes: 3, packetLoss: 0.99 } } },
    failed: ['enough-loss'],
  },
  {
    name: 'loss on the slider, and a custom link without any',
    run: withLink({ loss: { kind: 'bernoulli', p: 0 } }),
    failed: ['enough-loss'],
  },
  {
    name: 'bursts that lose enough on average',
    run: withLink({ loss: { ...BURSTS, p: 0.1 } }),
    failed: [],
  },
  {
    name: 'bursts that lose too little on average',
    run: withLink({ loss: { ...BURSTS, p: 0.001 } }),
    failed: ['enough-loss'],
  },
  { name: 'exactly the latency asked for', gate: { minLatencyMs: 40 }, failed: [] },
  { name: 'less latency than asked for', gate: { minLatencyMs: 41 }, failed: ['enough-latency'] },
  {
    name: 'latency on the slider, and regions that are near',
    run: {
      plan: {
        topology: {
          kind: 'regions',
          regions: ['a', 'b'],
          rttMs: [
            [2, 200],
            [200, 2],
          ],
        },
      },
    },
    gate: { minLatencyMs: 40 },
    failed: ['enough-latency'],
  },
  {
    name: 'latency on the slider, and one fast link',
    run: withLink({ delay: { kind: 'constant', ms: 1 } }),
    gate: { minLatencyMs: 40 },
    failed: ['enough-latency'],
  },
  {
    name: 'a drifted node',
    run: {
      outcome: 'fail',
      plan: { drift: [{ node: 'n1', service: 'orders', commit: '9c0abe5' }] },
    },
    failed: ['outcome-pass', 'no-drift'],
  },
  {
    name: 'signature checks switched off',
    run: { plan: { params: { nodes: 3, packetLoss: 4, verifySignatures: false } } },
    failed: ['signatures-checked'],
  },
  {
    name: 'virtual time',
    run: { plan: { world: 'virtual' } },
    failed: ['real-world'],
  },
  {
    name: 'virtual time, where that is accepted',
    run: { plan: { world: 'virtual' } },
    gate: { allowVirtual: true },
    failed: [],
  },
  ...(['full', 'network'] as const).map((isolation) => ({
    name: `nodes that had no ${isolation} isolation of their own`,
    run: { environment: { isolation: 'none' as const } },
    gate: { isolation },
    failed: ['isolated'] as const,
  })),
  {
    name: 'nodes that had more of their own than is asked for',
    run: { environment: { isolation: 'full' } },
    gate: { isolation: 'network' },
    failed: [],
  },
  { name: 'a program of the machine', run: WITH_REDIS, failed: [] },
  {
    name: 'the very program of the machine that is pinned',
    run: WITH_REDIS,
    gate: { programs: { cache: REDIS.sha256 } },
    failed: [],
  },
  {
    name: 'another program of the machine than is pinned',
    run: WITH_REDIS,
    gate: { programs: { cache: 'b'.repeat(64) } },
    failed: ['programs'],
  },
  {
    name: 'no word of the program that is pinned',
    gate: { programs: { cache: REDIS.sha256 } },
    failed: ['programs'],
  },
  { name: 'degraded timing', run: { environment: { degraded: true } }, failed: ['full-fidelity'] },
  {
    name: 'degraded timing, where that is accepted',
    run: { environment: { degraded: true } },
    gate: { allowDegraded: true },
    failed: [],
  },
];

describe('the gate of production', () => {
  testCases(CASES);

  it('names the programs of the machine that ran', () => {
    const { rules } = ask({ run: WITH_REDIS });
    assert.deepEqual(
      rules.filter(({ rule }) => rule === 'programs'),
      [
        {
          ...{ rule: 'programs', status: 'ok' },
          sentence:
            'Programs of the machine that ran: cache: /usr/bin/redis-server 7.0.15 on n0 (SHA-256 aaaaaaaaaaaa…).',
        },
      ],
    );
  });
});
