import assert from 'node:assert/strict';
import { isMeshSimError } from '../../support/errorCode.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { QuantileSketch } from '../../../src/network/quantileSketch.ts';
import { LinkIndex } from '../../../src/network/linkIndex.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

function tableOf(nodes: number, topology: PlanInput['topology']) {
  return compileLinks(virtualPlan({ params: { nodes }, topology }));
}

describe('compiled links', () => {
  it('link every pair of a uniform mesh', () => {
    const table = tableOf(4, { kind: 'uniform' });
    assert.deepEqual(table.neighboursOf(2), [0, 1, 3]);
    assert.equal(table.modelOf(2, 2), undefined);
  });

  it('link a ring to both sides, and two nodes once', () => {
    assert.deepEqual(tableOf(5, { kind: 'ring' }).neighboursOf(0), [1, 4]);
    assert.deepEqual(tableOf(2, { kind: 'ring' }).neighboursOf(0), [1]);
  });

  it('link a star to its centre only', () => {
    const table = tableOf(4, { kind: 'star', centre: 'n2' });
    assert.deepEqual(table.neighboursOf(0), [2]);
    assert.deepEqual(table.neighboursOf(2), [0, 1, 3]);
    assert.equal(table.modelOf(0, 1), undefined);
  });

  it('give regions half of their round-trip time per direction', () => {
    const rttMs = [
      [2, 90],
      [80, 4],
    ];
    const table = tableOf(4, { kind: 'regions', regions: ['eu', 'us'], rttMs });
    assert.equal(table.modelOf(0, 1)?.meanDelayMs, 45);
    assert.equal(table.modelOf(1, 0)?.meanDelayMs, 40);
    assert.equal(table.modelOf(0, 2)?.meanDelayMs, 1);
  });

  it('take from the plan what a custom link leaves out', () => {
    const links = [
      { from: 'n0', to: 'n1', delay: { kind: 'constant' as const, ms: 7 } },
      { from: 'n1', to: 'n0' },
    ];
    const plan = virtualPlan({
      params: { nodes: 2, packetLoss: 25 },
      topology: { kind: 'custom', links },
    });
    const model = compileLinks(plan).modelOf(0, 1);
    assert.equal(model?.meanDelayMs, 7);
    assert.equal(model.meanLoss, 0.25);
  });

  it('refuse a custom topology that leaves a node without a way back, naming it', () => {
    const links = [
      { from: 'n0', to: 'n1' },
      { from: 'n1', to: 'n0' },
      { from: 'n1', to: 'n2' },
    ];
    assert.throws(
      () => tableOf(3, { kind: 'custom', links }),
      isMeshSimError('plan-invalid', /n2 can not be reached/),
    );
  });

  it('refuse nodes the plan has not, links listed twice and matrices of another shape', () => {
    const bad: [PlanInput['topology'], RegExp][] = [
      [{ kind: 'star', centre: 'n9' }, /n9/],
      [{ kind: 'custom', links: [{ from: 'n0', to: 'n7' }] }, /links\[0\]\.to names n7/],
      [
        {
          kind: 'custom',
          links: [
            { from: 'n0', to: 'n1' },
            { from: 'n0', to: 'n1' },
          ],
        },
        /second time/,
      ],
      [{ kind: 'regions', regions: ['a', 'b'], rttMs: [[1, 2]] }, /2 rows/],
    ];
    for (const [topology, sentence] of bad) {
      assert.throws(() => tableOf(3, topology), isMeshSimError('plan-invalid', sentence));
    }
  });
});

describe('link slots', () => {
  it('stay with their links while the index grows', () => {
    const index = new LinkIndex();
    const links = Array.from({ length: 5000 }, (_, k) => k * 1_000_003);
    links.forEach((link, slot) => assert.equal(index.slotOf(link), slot));
    links.forEach((link, slot) => assert.equal(index.slotOf(link), slot));
    assert.deepEqual(index.links(), links);
  });
});

describe('a quantile sketch', () => {
  it('is within 1 % of the exact quantiles, in whatever order values come', () => {
    const values = Array.from({ length: 10_000 }, (_, k) => 0.05 + ((k * 7919) % 10_000) / 50);
    const sketch = new QuantileSketch();
    for (const value of values) sketch.add(value);
    const sorted = [...values].sort((a, b) => a - b);
    const found = sketch.quantiles();
    assert.ok(found);
    for (const [share, value] of [
      [0.5, found.p50],
      [0.9, found.p90],
      [0.99, found.p99],
    ] as const) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      assert.ok(Math.abs(value / exact - 1) < 0.01, `${value} instead of ${exact}`);
    }
  });

  it('says nothing of nothing', () => {
    assert.equal(new QuantileSketch().quantiles(), null);
  });
});
