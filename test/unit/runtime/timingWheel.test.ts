import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimingWheel } from '../../../src/runtime/virtual/timingWheel.ts';

/** Ids in the order in which they come out. */
function drain(wheel: TimingWheel): { id: number; at: number }[] {
  const out: { id: number; at: number }[] = [];
  for (let id = wheel.next(); id >= 0; id = wheel.next()) out.push({ id, at: wheel.now });
  return out;
}

describe('the timing wheel', () => {
  it('gives entries in order of time, those of one instant in the order they came', () => {
    const times = fc.array(fc.nat(5000), { maxLength: 300 });
    fc.assert(
      fc.property(times, (all) => {
        const wheel = new TimingWheel(10);
        all.forEach((time, id) => wheel.put(id, time));
        const expected = all
          .map((at, id) => ({ id, at }))
          .sort((a, b) => a.at - b.at || a.id - b.id);
        assert.deepEqual(drain(wheel), expected);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps that order when entries are added while time goes on, far and near', () => {
    const delays = fc.array(fc.nat(4000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(delays, (all) => {
        const wheel = new TimingWheel(10);
        const pending: { id: number; at: number }[] = [];
        const put = (id: number) => {
          const at = wheel.now + (all[id] ?? 0);
          wheel.put(id, at);
          pending.push({ id, at });
        };
        let next = 0;
        while (next < Math.min(3, all.length)) put(next++);
        while (pending.length > 0) {
          pending.sort((a, b) => a.at - b.at || a.id - b.id);
          const first = pending.shift();
          assert.equal(wheel.next(), first?.id);
          assert.equal(wheel.now, first?.at);
          for (let k = 0; k < 2 && next < all.length; k++) put(next++);
        }
        assert.equal(wheel.next(), -1);
      }),
      { numRuns: 200 },
    );
  });

  it('tells the entries that are next, in their order, and leaves them where they are', () => {
    const times = fc.array(fc.nat(1000), { maxLength: 100 });
    fc.assert(
      fc.property(times, fc.nat(1000), (all, start) => {
        const wheel = new TimingWheel(10);
        // Moves the time on first: what is next may lie on both sides of the wheel's end.
        wheel.put(0, start);
        wheel.next();
        all.forEach((time, id) => wheel.put(id, start + time));
        const ids = new Int32Array(10);
        const next = [...ids.subarray(0, wheel.upcoming(ids))];
        const order = drain(wheel).map(({ id }) => id);
        assert.deepEqual(next, order.slice(0, 10));
      }),
      { numRuns: 200 },
    );
  });

  it('lets what is put into the past happen now, and passes over an hour at once', () => {
    const wheel = new TimingWheel(10);
    wheel.put(0, 3_600_000_000);
    assert.equal(wheel.next(), 0);
    wheel.put(1, 5);
    assert.equal(wheel.next(), 1);
    assert.equal(wheel.now, 3_600_000_000);
    assert.equal(wheel.size, 0);
  });
});
