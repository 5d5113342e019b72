import assert from 'node:assert/strict';
import { paintFor } from '../../../src/cli/paint.ts';
import { summary } from '../../../src/cli/summary.ts';
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
});
