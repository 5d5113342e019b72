import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Outstanding } from '../../../src/mesh/outstanding.ts';
import { isAcknowledged, SequenceWindow } from '../../../src/mesh/sequenceWindow.ts';

describe('acknowledgements', () => {
  it('say exactly which of the last 65 sequence numbers arrived, in whatever order they came', () => {
    const sequences = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(sequences, (arrived) => {
        const window = new SequenceWindow();
        for (const sequence of arrived) window.record(sequence);
        const { highest, near, far } = window;
        assert.equal(highest, Math.max(...arrived));
        // One that came when it was already out of the window may be forgotten: it is sent again.
        const seen: number[] = [];
        let top = -1;
        for (const sequence of arrived) {
          if (sequence > top) top = sequence;
          if (top - sequence <= 64) seen.push(sequence);
        }
        for (let sequence = highest - 64; sequence <= highest; sequence++) {
          assert.equal(isAcknowledged(sequence, highest, near, far), seen.includes(sequence));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('survive a link that carries their bitmaps as unsigned words', () => {
    const window = new SequenceWindow();
    for (let sequence = 0; sequence < 65; sequence++) window.record(sequence);
    const { highest, near, far } = window;
    for (let sequence = 0; sequence < 65; sequence++) {
      assert.ok(isAcknowledged(sequence, highest, near >>> 0, far >>> 0));
    }
  });
});

function lostOf(from: Outstanding, sentBefore: number, overtakenBefore: number, highest: number) {
  const lost: number[] = [];
  from.takeLost(sentBefore, overtakenBefore, highest, lost);
  return lost;
}

describe('outstanding packets', () => {
  it('are done with all their transmissions when one of them arrived', () => {
    const outstanding = new Outstanding();
    outstanding.add(0, 7, 0);
    outstanding.add(1, 8, 1);
    outstanding.add(2, 7, 5);
    const done: number[] = [];
    const newest = outstanding.acknowledge(2, 0, 0, done);
    assert.deepEqual(done, [7]);
    assert.equal(newest, 5);
    assert.equal(outstanding.size, 1);
    assert.ok(outstanding.has(8));
  });

  it('are lost when they are too old, or overtaken by three and old enough', () => {
    const outstanding = new Outstanding();
    outstanding.add(0, 1, 0);
    outstanding.add(1, 2, 10);
    outstanding.add(2, 3, 20);
    assert.deepEqual(lostOf(outstanding, -1, 5, 3), [1]);
    assert.deepEqual(lostOf(outstanding, 10, -1, -1), [2]);
    assert.equal(outstanding.size, 1);
    assert.ok(outstanding.has(3));
  });

  it('are not lost while a younger transmission of the same item is on its way', () => {
    const outstanding = new Outstanding();
    outstanding.add(0, 1, 0);
    outstanding.add(1, 1, 100);
    assert.deepEqual(lostOf(outstanding, 50, -1, -1), []);
    assert.equal(outstanding.size, 1);
  });
});
