import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { comparisonLines } from '../../../src/cli/comparisonLines.ts';
import { paintFor } from '../../../src/cli/paint.ts';
import { compareSides, type SideToCompare } from '../../../src/evidence/compared/compareSides.ts';
import { sideOf, type TimedEvent } from '../../support/comparedSide.ts';
import { observationOf } from '../../support/observation.ts';

const linesOf = (a: SideToCompare, b: SideToCompare) =>
  comparisonLines(compareSides(a, b), paintFor(false));

/** The lines under a heading, up to the next empty one. */
function section(lines: readonly string[], name: string): string[] {
  const from = lines.indexOf(name) + 1;
  assert.ok(from > 0, `${name} is missing`);
  const to = lines.indexOf('', from);
  return lines.slice(from, to < 0 ? undefined : to);
}

const UP: TimedEvent = [1000, { type: 'node', nodeId: 'n1', status: 'up' }];
const DOWN: TimedEvent = [
  2500,
  { type: 'node', nodeId: 'n1', status: 'crashed', details: 'n1 was killed.' },
];

describe('two runs side by side on a terminal', () => {
  it('begin with what each is, and name what differs in two columns', () => {
    const a = sideOf(observationOf(), { events: [UP] });
    const b = sideOf(observationOf({ nodes: 4, outcome: 'fail', plan: { seed: 4 } }), {
      events: [UP, DOWN],
    });
    const lines = linesOf(a, b);
    assert.match(lines[2] ?? '', /^Outcome {3}✔ PASS {2,}✖ FAIL$/);
    assert.ok(lines.includes('B failed: n1: the Capsule signature does not match.'));
    assert.deepEqual(section(lines, 'Plan'), [
      'params.nodes  3    4',
      'seed          609  4',
      'They were run under other conditions: measurements stand side by side, and nothing is concluded from them.',
    ]);
    assert.deepEqual(section(lines, 'Capsule'), ['Both rehearsed the same Capsule.']);
    assert.deepEqual(section(lines, 'Events'), [
      'They part first at n1, process. Of the events before, 1 are in both.',
      'A  has no further event of these',
      'B     2.50 s  n1 crashed: n1 was killed.',
    ]);
    const converged = section(lines, 'Invariants').slice(3, 6);
    assert.deepEqual(converged, [
      '✔ ✖ converged',
      '    A  Held.',
      '    B  n1 never became healthy.',
    ]);
    assert.ok(section(lines, 'Phases').some((line) => /^n3 +boot +– +0\.25 s$/.test(line)));
    assert.match(
      section(lines, 'Latency')[1] ?? '',
      /^n0 → n1( +\d+\.\d){4} +–( +\d+\.\d){3} +inconclusive$/,
    );
  });

  it('say of each part that is not compared why', () => {
    const side = sideOf(observationOf());
    const lines = linesOf(side, {
      name: 'b.capsim',
      verdict: 'invalid',
      sentence: 'It was altered.',
    });
    const why = 'Not compared. The evidence of B is not verified here: It was altered.';
    assert.equal(lines.filter((line) => line === why).length, 8);
    assert.ok(lines.some((line) => /^Evidence {2}verified {2,}invalid$/.test(line)));
    const missing = section(linesOf(side, side), 'Events');
    assert.deepEqual(missing, [
      'Not compared. A: The events of this run are not in this workspace.',
    ]);
  });
});
