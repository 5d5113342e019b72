import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LinkMemory } from '../../../src/mesh/linkMemory.ts';
import { Peer } from '../../../src/mesh/peer.ts';
import type { Outstanding } from '../../../src/mesh/outstanding.ts';
import {
  emptyWindow,
  isAcknowledged,
  recordSequence,
  type SequenceWindow,
} from '../../../src/mesh/sequenceWindow.ts';

function newWindow(): SequenceWindow {
  const window = { highest: 0, near: 0, far: 0 };
  emptyWindow(window);
  return window;
}

describe('acknowledgements', () => {
  it('say exactly which of the last 65 sequence numbers arrived, in whatever order they came', () => {
    const sequences = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(sequences, (arrived) => {
        const window = newWindow();
        for (const sequence of arrived) recordSequence(window, sequence);
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
    const window = newWindow();
    for (let sequence = 0; sequence < 65; sequence++) recordSequence(window, sequence);
    const { highest, near, far } = window;
    for (let sequence = 0; sequence < 65; sequence++) {
      assert.ok(isAcknowledged(sequence, highest, near >>> 0, far >>> 0));
    }
  });
});

/** What was sent on one of the links that share a memory. */
function newLink(memory = new LinkMemory(1, 1)): { peer: Peer; outstanding: Outstanding } {
  return { peer: new Peer(1, 0, memory, memory.allot([1])), outstanding: memory.outstanding };
}

function lostOf(
  { peer, outstanding }: ReturnType<typeof newLink>,
  sentBefore: number,
  overtakenBefore: number,
  highest: number,
) {
  const lost: number[] = [];
  outstanding.takeLost(peer, sentBefore, overtakenBefore, highest, lost);
  return lost;
}

describe('outstanding packets', () => {
  it('are done with all their transmissions when one of them arrived', () => {
    const { peer, outstanding } = newLink();
    outstanding.add(peer, 0, 7, 0);
    outstanding.add(peer, 1, 8, 1);
    outstanding.add(peer, 2, 7, 5);
    const done: number[] = [];
    const newest = outstanding.acknowledge(peer, 2, 0, 0, done);
    assert.deepEqual(done, [7]);
    assert.equal(newest, 5);
    assert.ok(outstanding.has(peer, 8));
    assert.equal(outstanding.oldestSentAt(peer), 1);
  });

  it('are lost when they are too old, or overtaken by three and old enough', () => {
    const link = newLink();
    const { peer, outstanding } = link;
    outstanding.add(peer, 0, 1, 0);
    outstanding.add(peer, 1, 2, 10);
    outstanding.add(peer, 2, 3, 20);
    assert.deepEqual(lostOf(link, -1, 5, 3), [1]);
    assert.deepEqual(lostOf(link, 10, -1, -1), [2]);
    assert.ok(outstanding.has(peer, 3));
    assert.equal(outstanding.oldestSentAt(peer), 20);
  });

  it('are not lost while a younger transmission of the same item is on its way', () => {
    const link = newLink();
    link.outstanding.add(link.peer, 0, 1, 0);
    link.outstanding.add(link.peer, 1, 1, 100);
    assert.deepEqual(lostOf(link, 50, -1, -1), []);
    assert.equal(link.outstanding.oldestSentAt(link.peer), 100);
  });

  it('are those of their link alone, whatever other links of the same memory sent', () => {
    const memory = new LinkMemory(1, 1);
    const one = newLink(memory);
    const other = newLink(memory);
    for (let sequence = 0; sequence < 100; sequence++) {
      memory.outstanding.add(one.peer, sequence, 1000 + sequence, sequence);
      memory.outstanding.add(other.peer, sequence, 2000 + sequence, sequence + 0.5);
    }
    memory.outstanding.clear(one.peer);
    assert.equal(memory.outstanding.oldestSentAt(one.peer), Infinity);
    assert.ok(memory.outstanding.isFull(other.peer, 100));
    for (let sequence = 0; sequence < 100; sequence++) {
      assert.ok(memory.outstanding.has(other.peer, 2000 + sequence));
    }
  });
});
