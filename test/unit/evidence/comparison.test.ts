import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareRuns, type ComparedRun } from '../../../src/evidence/comparison.ts';
import type { Indicator } from '../../../src/model/indicator.ts';
import { observationOf } from '../../support/observation.ts';

const QUICK: Indicator = {
  name: 'web: quick',
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 500,
  value: 200,
  sampleSize: 100,
  passed: true,
};
const OPEN: Indicator = {
  ...QUICK,
  name: 'web: open',
  metric: 'availability-percent',
  comparator: '>=',
};

/** `count` values spread evenly over `spread` ms above `from`. */
const times = (from: number, count = 100, spread = 100) =>
  Array.from({ length: count }, (_, at) => from + (spread * ((at * 37) % count)) / count);
const shares = (failed: number) => Array.from({ length: 100 }, (_, at) => (at < failed ? 0 : 1));

function run(
  samples: readonly number[] | undefined,
  indicator = QUICK,
  plan: Parameters<typeof observationOf>[0] = {},
): ComparedRun {
  const observation = observationOf(plan);
  return {
    evidence: { ...observation, indicators: [indicator] },
    samples: samples === undefined ? undefined : () => samples,
  };
}

const verdictOf = (now: ComparedRun, before: ComparedRun) => compareRuns(now, before)[0]?.verdict;

describe('a run against its baseline', () => {
  it('is worse when most of its answers take longer', () => {
    assert.equal(verdictOf(run(times(180)), run(times(100))), 'fail');
    const [comparison] = compareRuns(run(times(180)), run(times(100)));
    assert.match(comparison?.sentence ?? '', /^Worse than the baseline: Cliff's delta 0\.\d\d/);
  });

  it('holds when they take as long, or less', () => {
    assert.equal(verdictOf(run(times(100)), run(times(101))), 'pass');
    assert.equal(verdictOf(run(times(50)), run(times(100))), 'pass');
  });

  it('is inconclusive when the effect may be on either side of what matters', () => {
    assert.equal(verdictOf(run(times(116, 40)), run(times(100, 40))), 'inconclusive');
  });

  it('is worse when a service answers less often, by more than a few points', () => {
    assert.equal(verdictOf(run(shares(30), OPEN), run(shares(0), OPEN)), 'fail');
    assert.equal(verdictOf(run(shares(0), OPEN), run(shares(0), OPEN)), 'pass');
    assert.equal(verdictOf(run(shares(0), OPEN), run(shares(30), OPEN)), 'pass');
  });

  it('says nothing from too few measurements, other conditions, a busy machine or unsigned events', () => {
    const good = run(times(100));
    const busy = run(times(300));
    const degraded: ComparedRun = {
      ...busy,
      evidence: {
        ...busy.evidence,
        environment: { ...busy.evidence.environment, degraded: true },
      },
    };
    for (const other of [
      run(times(300, 19)),
      run(times(300), QUICK, { nodes: 4 }),
      degraded,
      run(undefined),
    ]) {
      assert.equal(verdictOf(other, good), 'inconclusive');
      assert.equal(verdictOf(good, other), 'inconclusive');
    }
  });

  it('compares runs that differ in nothing but the seed and the Capsule', () => {
    const other = run(times(100), QUICK, { capsuleHash: 'ab'.repeat(32), plan: { seed: 4 } });
    assert.equal(verdictOf(run(times(100)), other), 'pass');
  });

  it('never compares calls with probes', () => {
    const byCalls: Indicator = { ...QUICK, measuredBy: 'calls' };
    const byProbes: Indicator = { ...QUICK, measuredBy: 'probes' };
    const [comparison] = compareRuns(run(times(180), byCalls), run(times(100), byProbes));
    assert.equal(comparison?.verdict, 'inconclusive');
    assert.equal(comparison.sentence, 'The baseline measured it by probes, this run by calls.');
    assert.equal(verdictOf(run(times(180), byCalls), run(times(100), byCalls)), 'fail');
  });

  it('never compares requests over the wire with messages of the protocol', () => {
    const asked: Indicator = { ...QUICK, measuredBy: 'probes' };
    const [comparison] = compareRuns(
      run(times(180), { ...asked, over: 'wire' }),
      run(times(100), asked),
    );
    assert.equal(comparison?.verdict, 'inconclusive');
    assert.equal(
      comparison.sentence,
      'The baseline measured it by probes over the protocol, this run by probes over the wire.',
    );
    const stated: Indicator = { ...asked, over: 'protocol' };
    assert.equal(verdictOf(run(times(180), stated), run(times(100), asked)), 'fail');
  });

  it('asks the events of evidence that does not say how it measured for the same way', () => {
    const asked: (string | undefined)[] = [];
    const telling = (indicator: Indicator): ComparedRun => ({
      ...run([], indicator),
      samples: ({ measuredBy }) => {
        asked.push(measuredBy);
        return times(100);
      },
    });
    const byCalls: Indicator = { ...QUICK, measuredBy: 'calls' };
    compareRuns(telling(byCalls), telling(QUICK));
    compareRuns(telling(QUICK), telling(byCalls));
    assert.deepEqual(asked, ['calls', 'calls', 'calls', 'calls']);
  });

  it('leaves out what the baseline did not measure', () => {
    assert.deepEqual(compareRuns(run(times(1)), run(times(1), OPEN)), []);
  });
});
