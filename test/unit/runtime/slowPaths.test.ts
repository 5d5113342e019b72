import assert from 'node:assert/strict';
import { lowerBound } from '../../../src/mesh/bound.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import type { SlowPathOptions } from '../../../src/runtime/virtual/slowPaths.ts';
import { rehearse, virtualPlan } from '../../support/virtualPlans.ts';

const KIB = 1024;
/** 16 MiB in chunks of 16 to 112 KiB. */
const LARGE = Array.from({ length: 256 }, (_, index) => (16 + ((index * 37) % 97)) * KIB);
const SMALL = LARGE.slice(0, 22);
const SEEDS = [1, 2, 3];

interface SlowCase {
  readonly name: string;
  readonly plan: Partial<PlanInput>;
  readonly paths: SlowPathOptions;
  readonly chunkSizes: readonly number[];
}

/** How near it comes to what the true paths allow, and what is sent for each byte that has to arrive. */
async function spread({ plan, paths, chunkSizes }: SlowCase, seed: number) {
  const input = { deadlineMs: 600_000, ...plan, seed };
  const { observation, summary } = await rehearse(input, { chunkSizes, slowPaths: paths });
  const model = paths.of === 'node' ? ('uplink' as const) : ('link' as const);
  const truth = virtualPlan({ ...input, bandwidth: { model, mbps: paths.mbps } });
  const bound = lowerBound(compileLinks(truth), chunkSizes).ms;
  const content = chunkSizes.reduce((sum, bytes) => sum + bytes, 0);
  const receivers = truth.params.nodes - 1;
  const { disseminationMs } = observation.network;
  return {
    efficiency: disseminationMs > 0 ? bound / disseminationMs : 0,
    sent: summary.sentBytes / (content * receivers),
  };
}

const TEN = { params: { nodes: 10, latencyMs: [20, 60] as [number, number], packetLoss: 0 } };
const THREE = { params: { nodes: 3, latencyMs: [0, 2] as [number, number], packetLoss: 0 } };
const RING = {
  params: { nodes: 6, latencyMs: [5, 15] as [number, number], packetLoss: 0 },
  topology: { kind: 'ring' as const },
};

describe('a rollout over paths slower than its plan says', () => {
  const cases: SlowCase[] = [
    {
      name: 'without a rate, where all that enters or leaves a node has 20 Mbit/s',
      ...{ plan: TEN, paths: { of: 'node', mbps: 20 }, chunkSizes: LARGE },
    },
    {
      name: 'without a rate, where each link has 5 Mbit/s',
      ...{ plan: TEN, paths: { of: 'link', mbps: 5 }, chunkSizes: LARGE },
    },
    {
      name: 'without a rate, on three nodes',
      ...{ plan: THREE, paths: { of: 'node', mbps: 20 }, chunkSizes: LARGE },
    },
    {
      name: 'without a rate, in a ring',
      ...{ plan: RING, paths: { of: 'link', mbps: 10 }, chunkSizes: LARGE },
    },
    {
      name: 'at a tenth of the rate of its links',
      plan: { ...TEN, bandwidth: { model: 'link', mbps: 50 } },
      ...{ paths: { of: 'link', mbps: 5 }, chunkSizes: LARGE },
    },
    {
      name: 'at a fifth of the rate of its uplinks',
      plan: { ...TEN, bandwidth: { model: 'uplink', mbps: 100 } },
      ...{ paths: { of: 'node', mbps: 20 }, chunkSizes: LARGE },
    },
  ];
  for (const slow of cases) {
    it(`${slow.name}: comes within 0.7 of what the paths carry, and sends at most 1.5 times the content`, async () => {
      for (const seed of SEEDS) {
        const { efficiency, sent } = await spread(slow, seed);
        assert.ok(efficiency >= 0.7, `seed ${seed}: efficiency ${efficiency.toFixed(3)}`);
        assert.ok(sent <= 1.5, `seed ${seed}: ${sent.toFixed(3)} × the content was sent`);
      }
    });
  }

  const harsh: (SlowCase & { readonly mostSent: number })[] = [
    {
      name: 'whose queues hold 512 KiB',
      plan: TEN,
      paths: { of: 'node', mbps: 20, queueBytes: 512 * KIB },
      ...{ chunkSizes: LARGE, mostSent: 1.6 },
    },
    {
      name: 'of a Capsule so small that most of it is sent before the paths are known',
      ...{ plan: TEN, paths: { of: 'node', mbps: 20 }, chunkSizes: SMALL, mostSent: 2.5 },
    },
    {
      name: 'on which a first chunk takes seconds',
      ...{ plan: TEN, paths: { of: 'node', mbps: 2 }, chunkSizes: SMALL, mostSent: 5 },
    },
  ];
  for (const slow of harsh) {
    it(`${slow.name}: completes, and sends at most ${slow.mostSent} times the content`, async () => {
      for (const seed of SEEDS) {
        const { efficiency, sent } = await spread(slow, seed);
        assert.ok(efficiency > 0, `seed ${seed}: it did not complete`);
        assert.ok(sent <= slow.mostSent, `seed ${seed}: ${sent.toFixed(3)} × the content was sent`);
      }
    });
  }
});
