import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dueTicks, sinceDue } from '../../../src/wire/dueTime.ts';

/** Half a tick of 0.1 ms, and what floating point adds after a day. */
const EXACT_MS = 0.0501;

describe('wire: when something is due', () => {
  it('is told to a tenth of a millisecond, however late it comes and however long the run has lasted', () => {
    const due = fc.double({ min: 0, max: 86_400_000, noNaN: true });
    const late = fc.double({ min: -400, max: 6_000, noNaN: true });
    fc.assert(
      fc.property(due, late, fc.constantFrom(16 as const, 32 as const), (ms, after, bits) => {
        const found = sinceDue(ms + after, dueTicks(ms, bits), bits);
        assert.ok(Math.abs(found - after) <= EXACT_MS, `${found} of ${after}`);
      }),
    );
  });

  it('fits its bits', () => {
    assert.equal(dueTicks(6_553.6, 16), 0);
    assert.equal(dueTicks(6_553.5, 16), 65_535);
    assert.equal(dueTicks(-3, 32), 0);
  });
});
