import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ItemPool } from '../../../src/mesh/itemPool.ts';
import { ItemQueue, type QueueEnds } from '../../../src/mesh/itemQueue.ts';
import { LinkMemory } from '../../../src/mesh/linkMemory.ts';
import { Peer } from '../../../src/mesh/peer.ts';

type Step = 'push' | 'unshift' | 'shift' | 'pop' | 'clear';

/** The same step on a queue and on an array. */
function take(step: Step, item: number, queue: ItemQueue, of: QueueEnds, array: number[]): void {
  if (step === 'push') array.push(item);
  else if (step === 'unshift') array.unshift(item);
  else if (step === 'pop') array.pop();
  else if (step === 'clear') array.length = 0;
  if (step === 'push' || step === 'unshift') queue[step](of, item);
  else if (step === 'shift') assert.equal(queue.shift(of), array.shift());
  else queue[step](of);
}

describe('queues of items that share a pool', () => {
  it('are each what an array would be', () => {
    const steps = fc.array(
      fc.tuple(
        fc.nat(2),
        fc.constantFrom<Step>('push', 'push', 'unshift', 'shift', 'pop', 'clear'),
        fc.integer({ min: -1, max: 20 }),
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const memory = new LinkMemory(1, 1);
        const first = memory.allot([4, 7, 9]);
        const peers = [0, 1, 2].map((slot) => new Peer(slot, slot, memory, first + slot));
        const arrays: number[][] = [[], [], []];
        const queue = new ItemQueue(new ItemPool());
        for (const [link, step, item] of all) {
          const peer = peers[link];
          const array = arrays[link];
          assert.ok(peer !== undefined && array !== undefined);
          take(step, item, queue, peer, array);
          assert.equal(peer.queueLength, array.length);
          assert.equal(queue.last(peer), array.at(-1));
          assert.equal(queue.includes(peer, item), array.includes(item));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the memory of links', () => {
  it('finds the record of each neighbour, and keeps what is in it while it grows', () => {
    const memory = new LinkMemory(1, 40);
    const neighboursOf = (node: number) => [node + 1, node + 3, node + 10];
    const links = Array.from({ length: 50 }, (_, node) => {
      const first = memory.allot(neighboursOf(node));
      return neighboursOf(node).map((index, slot) => {
        const peer = new Peer(index, slot, memory, first + slot);
        peer.incarnation = node * 100 + slot;
        peer.refusedForGood = slot === 1;
        return { first, peer };
      });
    });
    links.forEach((ofNode, node) => {
      ofNode.forEach(({ first, peer }, slot) => {
        assert.equal(memory.find(first, 3, peer.index), first + slot);
        assert.equal(peer.incarnation, node * 100 + slot);
        assert.equal(peer.refusedForGood, slot === 1);
        assert.equal(peer.retransmitDueAt, Infinity);
        assert.equal(peer.highest, -1);
      });
      assert.equal(memory.find(ofNode[0]?.first ?? 0, 3, node + 2), -1);
    });
  });
});
