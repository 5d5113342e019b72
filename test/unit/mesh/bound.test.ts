import assert from 'node:assert/strict';
import { lowerBound } from '../../../src/mesh/bound.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

function boundOf(input: Partial<PlanInput>, chunks: number, bytes = 125_000) {
  const table = compileLinks(virtualPlan(input));
  return lowerBound(table, new Array<number>(chunks).fill(bytes));
}

const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 1e-6, `${value} instead of ${expected}`);

describe('the lower bound of a rollout', () => {
  it('without a rate is the delay to the farthest node', () => {
    const params = { nodes: 6, latencyMs: [40, 60] } satisfies PlanInput['params'];
    near(boundOf({ params }, 20).ms, 50);
    near(boundOf({ params, topology: { kind: 'ring' } }, 20).ms, 150);
  });

  it('with equal uplinks and no delay is (M − 1 + ⌈log2(N + 1)⌉) sending times', () => {
    // 1 Mbit at 10 Mbit/s: τ = 100 ms. Eight nodes know a chunk after 3 sending times.
    const params = { nodes: 8, latencyMs: [0, 0] } satisfies PlanInput['params'];
    const bandwidth = { model: 'uplink', mbps: 10 } as const;
    near(boundOf({ params, bandwidth }, 20).ms, (20 - 1 + 3) * 100);
  });

  it('with loss counts every chunk 1/(1 − p) times', () => {
    const params = { nodes: 8, latencyMs: [0, 0], packetLoss: 20 } satisfies PlanInput['params'];
    const bandwidth = { model: 'uplink', mbps: 10 } as const;
    near(boundOf({ params, bandwidth }, 20).ms, (20 / 0.8 - 1 + 3) * 100);
  });

  it('with a rate per link shares the chunks among the links of n0', () => {
    const params = { nodes: 5, latencyMs: [30, 30] } satisfies PlanInput['params'];
    const bandwidth = { model: 'link', mbps: 10 } as const;
    const bound = boundOf({ params, bandwidth }, 20);
    near(bound.ms, (20 * 100) / 4 + 30);
    assert.equal(bound.model, 'link');
  });
});
