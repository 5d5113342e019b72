import assert from 'node:assert/strict';
import { ACCESS_OF_PRESET, ACCESS_PRESETS } from '../../../src/model/accessPresets.ts';
import { accessSchema } from '../../../src/model/access.ts';
import { isImpaired } from '../../../src/model/linkImpairment.ts';
import { linkLayout } from '../../../src/model/linkLayout.ts';
import { meanDelay, meanLoss, shortestDelay } from '../../../src/model/linkMeasures.ts';
import { changedSpec, type LinkSpec } from '../../../src/model/linkSpec.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const constant = (ms: number) => ({ kind: 'constant' as const, ms });
const bernoulli = (p: number) => ({ kind: 'bernoulli' as const, p });

/** The link between two nodes of a plan. */
function linkOf(plan: Partial<PlanInput>, from: number, to: number): LinkSpec {
  const layout = linkLayout(virtualPlan(plan));
  const spec = layout.specs[layout.specOf(from, to)];
  assert.ok(spec !== undefined);
  return spec;
}

const PLAN = {
  params: { nodes: 4, latencyMs: [10, 10], packetLoss: 10 },
  access: {
    n1: { delay: constant(20), loss: bernoulli(0.5), upBitsPerSecond: 1e6 },
    n2: {
      delay: { kind: 'uniform' as const, minMs: 2, maxMs: 4 },
      // Half of the time in the bad state, in which 0.8 is lost: 0.4 in the mean.
      loss: { kind: 'gilbert-elliott' as const, p: 0.1, r: 0.1, lossGood: 0, lossBad: 0.8 },
    },
  },
} satisfies Partial<PlanInput>;

describe('the way between nodes with last miles', () => {
  it('takes as long as its path and the last miles of both ends', () => {
    assert.equal(meanDelay(linkOf(PLAN, 0, 3).delay), 10);
    assert.equal(meanDelay(linkOf(PLAN, 0, 1).delay), 30);
    assert.equal(meanDelay(linkOf(PLAN, 1, 0).delay), 30, 'it did not hold in both directions');
    assert.equal(meanDelay(linkOf(PLAN, 1, 2).delay), 33);
    assert.equal(shortestDelay(linkOf(PLAN, 2, 1).delay), 32);
  });

  it('lets through what path and last miles all let through', () => {
    assert.equal(meanLoss(linkOf(PLAN, 0, 3).loss), 0.1);
    // 1 − 0.9 · 0.5, and 1 − 0.9 · 0.5 · 0.6
    assert.ok(Math.abs(meanLoss(linkOf(PLAN, 3, 1).loss) - 0.55) < 1e-12);
    assert.ok(Math.abs(meanLoss(linkOf(PLAN, 1, 2).loss) - 0.73) < 1e-12);
  });

  it('is made by every topology, and no link that it has not', () => {
    const ring = linkLayout(virtualPlan({ ...PLAN, topology: { kind: 'ring' } }));
    assert.equal(ring.specOf(0, 2), -1);
    assert.equal(ring.specs[ring.specOf(0, 1)]?.lastMiles?.to?.upBitsPerSecond, 1e6);
    const regions = {
      kind: 'regions' as const,
      regions: ['a', 'b'],
      rttMs: [
        [2, 90],
        [80, 4],
      ],
    };
    assert.equal(meanDelay(linkOf({ ...PLAN, topology: regions }, 0, 1).delay), 65);
    assert.equal(meanDelay(linkOf({ ...PLAN, topology: regions }, 1, 0).delay), 60);
  });

  it('has one specification for all pairs that are alike, however many nodes there are', () => {
    const access = { n1: 'starlink', n2: 'starlink', n3: '4g' } as const;
    const { specs } = linkLayout(virtualPlan({ params: { nodes: 5000 }, access }));
    // Of the path alone; of each of two kinds with none, there and back; of two kinds together, there and back; of Starlink twice.
    assert.equal(specs.length, 1 + 4 + 2 + 1);
  });

  it('keeps the last miles where a fault changes the path', () => {
    const link = linkOf(PLAN, 0, 1);
    const changed = changedSpec(link, { delay: constant(50) });
    assert.equal(meanDelay(changed.delay), 70);
    assert.deepEqual(changed.loss, link.loss);
    assert.equal(meanLoss(changedSpec(link, { loss: bernoulli(0) }).loss), 0.5);
    assert.ok(isImpaired(changed, link));
    assert.ok(!isImpaired(link, changed));
  });
});

describe('access links in a plan', () => {
  const parsed = (access: unknown) =>
    planSchema.safeParse({ capsuleHash: 'a'.repeat(64), access, params: { nodes: 4 } });

  it('are given by the name of a preset and read in figures, which are read as they are', () => {
    for (const preset of ACCESS_PRESETS) {
      const { data } = parsed({ n3: preset });
      assert.deepEqual(data?.access, { n3: ACCESS_OF_PRESET[preset] });
      assert.deepEqual(parsed(data.access).data?.access, data.access);
    }
  });

  it('have presets with figures of their own, and rates that are not above what they are called', () => {
    for (const preset of ACCESS_PRESETS) {
      const access = accessSchema.parse(ACCESS_OF_PRESET[preset]);
      assert.equal(access.preset, preset);
      assert.ok(access.delay !== undefined && shortestDelay(access.delay) > 0);
      assert.ok((access.upBitsPerSecond ?? Infinity) <= (access.downBitsPerSecond ?? 0));
    }
    const { loss } = ACCESS_OF_PRESET.starlink;
    assert.ok(loss !== undefined && Math.abs(meanLoss(loss) - 0.004) < 1e-4);
  });

  const refused: [unknown, RegExp][] = [
    [
      { n3: 'dial-up' },
      /no such access link: name one of slow-3g, 3g, 4g, starlink, geostationary/,
    ],
    [{ n3: { delay: 20 } }, /no such access link|delay/],
    [{ edge: '3g' }, /n0|node/i],
    [{ n3: { upBitsPerSecond: 0 } }, /no such access link|upBitsPerSecond/],
  ];
  for (const [access, sentence] of refused) {
    it(`are refused as ${JSON.stringify(access)}`, () => {
      assert.match(JSON.stringify(parsed(access).error?.issues), sentence);
    });
  }

  it('are refused of a node that is not there', () => {
    assert.throws(() => linkLayout(virtualPlan({ params: { nodes: 3 }, access: { n3: '3g' } })), {
      message:
        'access names n3, but the plan has only n0 to n2; name one of those or raise params.nodes.',
    });
  });
});
