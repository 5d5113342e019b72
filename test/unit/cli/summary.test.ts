import assert from 'node:assert/strict';
import type { Baseline } from '../../../src/cli/objectiveLines.ts';
import { paintFor } from '../../../src/cli/paint.ts';
import { summary } from '../../../src/cli/summary.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import type { Indicator } from '../../../src/model/indicator.ts';
import { observationOf } from '../../support/observation.ts';

const PLAIN = paintFor(false);

describe('the summary of a run', () => {
  it('says PASS, what was measured, every invariant, and where the evidence is', () => {
    const run = observationOf({ nodes: 3, outcome: 'pass' });
    const text = summary(run, { capsimFile: 'x/result.capsim' }, PLAIN).join('\n');
    assert.match(text, /✔ PASS {2}3 of 3 nodes healthy/);
    assert.match(text, /Evidence {2}x\/result\.capsim/);
    for (const { name } of run.invariants) assert.ok(text.includes(`✔ ${name}`), name);
    for (const { nodeId } of run.nodeReports) assert.match(text, new RegExp(`^${nodeId} `, 'm'));
  });

  it('begins a failure with its cause', () => {
    const cause = 'n2 halted in verify: orders 9c0abe5 is not the signed commit.';
    const run = { ...observationOf({ nodes: 3, outcome: 'fail' }), cause };
    assert.ok(summary(run, {}, PLAIN)[1]?.startsWith(`✖ FAIL  ${cause}`));
  });

  it('names a degraded run as such', () => {
    const run = observationOf({ nodes: 2, outcome: 'pass' });
    const degraded = { ...run, environment: { ...run.environment, degraded: true } };
    const timingOf = (lines: string[]) => lines.find((line) => line.startsWith('Timing'));
    assert.notEqual(timingOf(summary(run, {}, PLAIN)), timingOf(summary(degraded, {}, PLAIN)));
  });

  it('says which losses the plan gives links, last miles and faults with them', () => {
    const configured = (choice: Partial<PlanInput>): string => {
      const run = observationOf({ nodes: 3 });
      const plan = planSchema.parse({ ...run.plan, chaos: {}, ...choice });
      const [, told = ''] =
        /configured ([^)]*)\)/.exec(summary({ ...run, plan }, {}, PLAIN).join()) ?? [];
      return told;
    };
    const params = { nodes: 3, packetLoss: 1 };
    assert.equal(configured({ params }), '1 %');
    const access = { n1: { loss: { kind: 'bernoulli', p: 0.02 } } } as const;
    assert.equal(configured({ params, access }), '1 to 2.98 %');
    const lossy = {
      degradeLink: { from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0.5 } },
    } as const;
    assert.equal(
      configured({ params, chaos: { faults: [{ when: { atMs: 50 }, do: lossy }] } }),
      '1 to 50 %',
    );
  });

  it('says in one line what services of different nodes said to each other', () => {
    const linesOf = (wired: boolean) =>
      summary(observationOf({ wired }), {}, PLAIN).filter((line) => line.startsWith('Services'));
    assert.deepEqual(linesOf(false), []);
    assert.deepEqual(linesOf(true), [
      'Services  4000 packets, 1.9 MB (TCP cubic, kernel 6.1.0-18-amd64): 160 lost, 0 before a full queue, 40 unreachable, 3 forged or to strangers; 0 dropped by the machine',
    ]);
  });

  it('says of an objective how often it was seen, and in which way, and compares with no other', () => {
    const quick: Indicator = {
      ...{ name: 'api: quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 50 },
      ...{ value: 20, measuredBy: 'calls', sampleSize: 57, passed: true },
    };
    const opens: Indicator = {
      ...{ name: 'api: opens', metric: 'time-to-healthy-ms', comparator: '<=', threshold: 5_000 },
      ...{ value: 900, sampleSize: 3, passed: true },
    };
    const run = { ...observationOf({ nodes: 3 }), indicators: [quick, opens] };
    const before = (measuredBy: 'probes' | 'calls') =>
      summary(run, { baseline: baselineOf({ ...quick, measuredBy, value: 8 }) }, PLAIN).join('\n');
    assert.match(before('calls'), /✔ api: quick {2}20 ms +≤ 50 ms +57 calls +was 8 ms/);
    assert.match(before('calls'), /✔ api: opens {2}900 ms +≤ 5 s +n 3$/m);
    assert.match(before('probes'), /✔ api: quick {2}20 ms +≤ 50 ms +57 calls$/m);
  });
});

function baselineOf(indicator: Indicator): Baseline {
  const { network } = observationOf({ nodes: 3 });
  return {
    simId: 'f2e9cdee-0000-4000-8000-000000000000',
    endedAt: '2026-01-01T00:00:00.000Z',
    network,
    indicators: [indicator],
    isPinned: false,
    comparisons: [],
  };
}
