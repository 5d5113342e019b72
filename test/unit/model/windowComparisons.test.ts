import assert from 'node:assert/strict';
import type { WindowIndicator } from '../../../src/model/indicator.ts';
import { compareWindows, comparisonOf } from '../../../src/model/windowComparisons.ts';

const QUICK: WindowIndicator = {
  ...{ name: 'web: quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 500 },
  ...{ value: 200, sampleSize: 40, passed: true, window: 'mixed' },
};
const OPEN: WindowIndicator = {
  ...{ ...QUICK, name: 'web: open', metric: 'availability-percent', comparator: '>=' },
};

const both = (one: WindowIndicator, more: Partial<WindowIndicator> = {}) =>
  [one, { ...one, ...more, window: 'before' }] as const;

/** So many values spread over 100 ms above `from`, and as many later in "mixed". */
const slowerBy =
  (ms: number) =>
  ({ window, sampleSize }: WindowIndicator) =>
    Array.from({ length: sampleSize }, (_, at) => at * 2.5 + (window === 'mixed' ? ms : 0));

describe('the window "mixed" against "before"', () => {
  const compare = (indicators: readonly WindowIndicator[], ms: number, isDegraded = false) =>
    compareWindows(indicators, slowerBy(ms), isDegraded);

  it('is worse where most answers took longer, and not where they took as long', () => {
    const [worse] = compare(both(QUICK), 90);
    assert.equal(worse?.verdict, 'fail');
    assert.match(worse.sentence, /^Worse than before the upgrade: Cliff's delta 0\.\d\d \(95 %:/);
    assert.equal(compare(both(QUICK), 0)[0]?.verdict, 'pass');
    assert.equal(compare(both(QUICK), -50)[0]?.verdict, 'pass');
  });

  it('is nothing of what was measured in one of them, and inconclusive of little, or on a busy machine', () => {
    assert.deepEqual(compare([QUICK], 90), []);
    assert.match(compare(both({ ...QUICK, sampleSize: 19 }), 90)[0]?.sentence ?? '', /^19 measure/);
    const busy = compare(both(QUICK), 90, true)[0];
    assert.equal(busy?.verdict, 'inconclusive');
    assert.match(busy.sentence, /too busy/);
  });

  it('follows from the figures that it states', () => {
    const [mixed, before] = both(QUICK);
    const [worse] = compare([mixed, before], 90);
    assert.ok(worse !== undefined);
    assert.deepEqual(comparisonOf({ mixed, before }, worse, false), worse);
    const milder = { ...worse, effectWithin: [0.1, 0.9] as [number, number] };
    assert.equal(comparisonOf({ mixed, before }, milder, false)?.verdict, 'inconclusive');
    const { name, verdict, sentence } = worse;
    assert.equal(comparisonOf({ mixed, before }, { name, verdict, sentence }, false), undefined);
  });

  it('follows of an availability from how many answers were good', () => {
    const [mixed, before] = both({ ...OPEN, value: 60 }, { value: 100 });
    const told = { name: OPEN.name, verdict: 'pass', sentence: 'All is well.' } as const;
    const follows = comparisonOf({ mixed, before }, told, false);
    assert.equal(follows?.verdict, 'fail');
    assert.equal(follows.effect, -0.4);
    const many = both({ ...OPEN, sampleSize: 1e12 });
    assert.equal(comparisonOf({ mixed: many[0], before: many[1] }, told, false), undefined);
  });
});
