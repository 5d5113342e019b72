import type { Fault } from '../../../src/model/plan.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import { testCases, type Case } from '../../support/gateCases.ts';

const LINKS = [0, 1, 2].flatMap((from) =>
  [0, 1, 2].filter((to) => to !== from).map((to) => ({ from: `n${from}`, to: `n${to}` })),
);
const AT_ONCE = { atMs: 0 };
const KILL: Fault = {
  when: { node: 'n2', phase: 'receive', progress: 0.45 },
  do: { kill: 'n2', restartAfterMs: 900 },
};
const NEVER_BAD = {
  kind: 'gilbert-elliott',
  p: 0,
  r: 0.5,
  lossGood: 0.04,
  lossBad: 1,
} as const;

/** Chaos that takes every link's delay and loss away. */
const emptied = (when: Fault['when']): Fault[] =>
  LINKS.map((link) => ({
    when,
    do: {
      degradeLink: {
        ...link,
        delay: { kind: 'constant', ms: 0 },
        loss: { kind: 'bernoulli', p: 0 },
      },
    },
  }));

/** Links on which this many of that many packets were lost, each, and half of them took so long. */
function measured(lost: number, packets: number, p50 = 110) {
  return (observation: RunObservation): Partial<RunObservation> => ({
    network: {
      ...observation.network,
      links: observation.network.links.map((link) => ({
        ...link,
        sent: packets,
        delivered: packets - lost,
        dropped: lost,
        lost,
        achievedMs: { p50, p90: p50 + 40, p99: p50 + 60 },
      })),
    },
  });
}

function didNothing({ faults }: RunObservation): Partial<RunObservation> {
  return {
    faults: faults.map((fault) => ({
      ...fault,
      ...('impaired' in fault ? { impaired: 0 } : {}),
      ...('refused' in fault ? { refused: 0 } : {}),
      ...('held' in fault ? { held: 0, booted: false } : {}),
    })),
  };
}

const harsh = { minPacketLoss: 20, minLatencyMs: 100 };
const slider = { nodes: 3, latencyMs: [100, 180] as [number, number], packetLoss: 20 };
const only = (...faults: Fault[]) => ({ plan: { chaos: { faults } } });

const CASES: readonly Case[] = [
  {
    name: '20 % and 100 ms on the sliders that chaos takes away from the first packet on',
    run: {
      plan: { params: slider, chaos: { faults: emptied(AT_ONCE) } },
      observed: measured(0, 33, 0.4),
    },
    gate: harsh,
    failed: ['enough-loss', 'enough-latency', 'chaos'],
  },
  {
    name: 'the same beside a fault that did something',
    run: {
      plan: { params: slider, chaos: { faults: [...emptied(AT_ONCE), KILL] } },
      observed: measured(0, 33, 0.4),
    },
    gate: harsh,
    failed: ['enough-loss', 'enough-latency'],
  },
  {
    name: 'the same later in the run',
    run: { plan: { params: slider, chaos: { faults: [...emptied({ atMs: 900 }), KILL] } } },
    gate: harsh,
    failed: ['enough-loss', 'enough-latency'],
  },
  {
    name: 'loss that a later fault of the list takes away, although an earlier time stands behind it',
    run: only(
      {
        when: { atMs: 9 },
        do: { degradeLink: { from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0 } } },
      },
      {
        when: AT_ONCE,
        do: { degradeLink: { from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0.3 } } },
      },
    ),
    failed: ['enough-loss'],
  },
  {
    name: 'no loss on the slider, and as much as is asked for on every link from the start',
    run: {
      plan: {
        params: { nodes: 3, packetLoss: 0 },
        chaos: {
          faults: LINKS.map((link) => ({
            when: AT_ONCE,
            do: { degradeLink: { ...link, loss: { kind: 'bernoulli' as const, p: 0.04 } } },
          })),
        },
      },
    },
    failed: [],
  },
  {
    name: 'short links that slow nodes make long from the start',
    run: {
      plan: {
        params: { nodes: 3, latencyMs: [40, 180], packetLoss: 4 },
        chaos: {
          faults: ['n0', 'n1', 'n2'].map((slow) => ({ when: AT_ONCE, do: { slow, factor: 2 } })),
        },
      },
      observed: measured(4, 120, 300),
    },
    gate: { minLatencyMs: 160 },
    failed: [],
  },

  // What was measured
  {
    name: '0 of 198 lost where 20 % were declared',
    run: { plan: { params: slider }, observed: measured(0, 33) },
    gate: { minPacketLoss: 20 },
    failed: ['enough-loss'],
  },
  {
    name: '40 of 198 lost at 20 %',
    run: { plan: { params: slider }, observed: measured(7, 35) },
    gate: { minPacketLoss: 20 },
    failed: [],
  },
  {
    name: 'no loss in a sample that cannot tell',
    run: { observed: measured(0, 20) },
    failed: ['enough-loss'],
  },
  {
    name: 'a small sample that shows more loss than is asked for',
    run: { observed: measured(4, 33) },
    failed: [],
  },
  {
    name: 'no loss in a sample that can tell',
    run: { observed: measured(0, 115) },
    failed: ['enough-loss'],
  },
  {
    name: 'one link without any loss among others that lose enough',
    run: {
      plan: { params: slider },
      observed: (observation) => {
        const { network } = observation;
        const [first, ...rest] = measured(30, 120)(observation).network?.links ?? [];
        const clean = first && { ...first, delivered: 120, dropped: 0, lost: 0 };
        return { network: { ...network, links: clean ? [clean, ...rest] : rest } };
      },
    },
    gate: { minPacketLoss: 20 },
    failed: ['enough-loss'],
  },
  {
    name: 'packets that a full queue dropped, and none that the link lost',
    run: {
      plan: {
        topology: { kind: 'custom', links: LINKS.map((link) => ({ ...link, queueBytes: 9_000 })) },
      },
      observed: ({ network }) => ({
        network: { ...network, links: network.links.map((link) => ({ ...link, lost: 0 })) },
      }),
    },
    failed: ['enough-loss'],
  },
  {
    name: 'packets that took what is asked for, as a histogram tells it',
    run: { observed: measured(4, 120, 39.7) },
    gate: { minLatencyMs: 40 },
    failed: [],
  },

  // Chaos
  {
    name: 'bursts that never begin, and a node that is slower by a factor of 1',
    run: only(
      { when: AT_ONCE, do: { degradeLink: { from: 'n0', to: 'n1', loss: NEVER_BAD } } },
      { when: AT_ONCE, do: { slow: 'n1', factor: 1 } },
    ),
    failed: ['chaos'],
  },
  {
    name: 'a kill before the node has booted',
    run: only({ when: AT_ONCE, do: { kill: 'n1', restartAfterMs: 100 } }),
    failed: ['chaos'],
  },
  {
    name: 'a kill that found nobody',
    run: {
      ...only({ when: { atMs: 1 }, do: { kill: 'n2', restartAfterMs: 900 } }),
      observed: (observation) => ({
        faults: (didNothing(observation).faults ?? []).map((fault) => ({
          ...fault,
          firedAt: new Date(Date.parse(observation.startedAt) + 1).toISOString(),
        })),
      }),
    },
    failed: ['chaos'],
  },
  {
    name: 'a partition that cut off no packet',
    run: { plan: { chaos: { preset: 'partition' } }, observed: didNothing },
    failed: ['chaos'],
  },
  {
    name: 'damaged chunks that nobody refused',
    run: { plan: { chaos: { preset: 'corrupt-chunk' } }, observed: didNothing },
    failed: ['chaos'],
  },
  ...(['partition', 'flaky-link', 'slow-node', 'corrupt-chunk', 'byzantine-node'] as const).map(
    (preset): Case => ({
      name: `the preset ${preset}, which did something`,
      run: { plan: { chaos: { preset } } },
      failed: [],
    }),
  ),
];

describe('the gate, on what happened to the network', () => testCases(CASES));
