import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { PacketBatch } from '../../../src/model/events.ts';
import { FLOWS, OUTCOMES } from '../../../src/model/packetClasses.ts';
import { classIndex, PACKET_CLASSES } from '../../../webview/run/packetClass.ts';
import { PacketHistogram } from '../../../webview/run/packetHistogram.ts';
import { PacketStore } from '../../../webview/run/packetStore.ts';

const MAX_LATENCY = 100;

interface Packet {
  readonly sent: number;
  readonly latency: number;
  readonly outcome: (typeof OUTCOMES)[number];
}

/** As the emulator tells of them: a lost packet has arrived when it was sent. */
function batchOf(packets: readonly Packet[]): PacketBatch {
  const isLost = ({ outcome }: Packet): boolean => !['delivered', 'corrupt'].includes(outcome);
  return {
    link: packets.map(() => 1),
    flow: packets.map(() => FLOWS.indexOf('chunk')),
    number: packets.map((_, index) => index),
    sent: packets.map(({ sent }) => sent),
    arrived: packets.map((packet) => packet.sent + (isLost(packet) ? 0 : packet.latency)),
    configured: packets.map(({ latency }) => latency),
    outcome: packets.map(({ outcome }) => OUTCOMES.indexOf(outcome)),
    chunk: packets.map(() => 7),
  };
}

const packet = fc.record({
  sent: fc.integer({ min: 0, max: 2_000 }),
  latency: fc.integer({ min: 1, max: 200 }),
  outcome: fc.constantFrom(...OUTCOMES),
});
const packets = fc.array(packet, { maxLength: 1_200, size: 'max' });

describe('the packets of a run', () => {
  it('are found by the time they were under way, in whatever order they were told', () => {
    fc.assert(
      fc.property(packets, fc.nat(2_200), fc.nat(400), (all, from, span) => {
        const store = new PacketStore(2, MAX_LATENCY);
        store.push(batchOf(all));
        const found: number[] = [];
        store.visit(from, from + span, (number) => found.push(number));
        const expected = all.flatMap((_, number) => {
          const isSeen = (store.sent[number] ?? 0) <= from + span;
          return isSeen && (store.ends[number] ?? 0) >= from ? [number] : [];
        });
        assert.deepEqual(found, expected);
      }),
      { numRuns: 60 },
    );
  });

  it('are counted at any instant as by looking at every one of them', () => {
    fc.assert(
      fc.property(packets, fc.nat(2_300), (all, t) => {
        const store = new PacketStore(2, MAX_LATENCY);
        store.push(batchOf(all));
        const expected = new Float64Array(PACKET_CLASSES.length);
        let sent = 0;
        for (let number = 0; number < all.length; number += 1) {
          if ((store.sent[number] ?? 0) > t) continue;
          sent += 1;
          const kind = store.kind[number] ?? 0;
          if ((store.arrived[number] ?? 0) <= t) expected[kind] = (expected[kind] ?? 0) + 1;
        }
        assert.deepEqual(store.countsAt(t), { sent, known: expected });
      }),
      { numRuns: 60 },
    );
  });

  it('are counted still when they are no longer held', () => {
    const store = new PacketStore(2, MAX_LATENCY);
    const thousand = Array.from({ length: 1_000 }, (): Packet => {
      return { sent: 5, latency: 10, outcome: 'delivered' };
    });
    for (let times = 0; times < 300; times += 1) store.push(batchOf(thousand));
    assert.equal(store.total, 300_000);
    assert.ok(store.first >= 300_000 - 262_144, 'the oldest are forgotten');
    assert.equal(store.countsAt(20).sent, 300_000);
    assert.equal(store.totals[classIndex('chunk')], 300_000);
  });

  it('end their way when they would have arrived where the network lost them', () => {
    const store = new PacketStore(2, MAX_LATENCY);
    store.push(batchOf([{ sent: 10, latency: 60, outcome: 'lost' }]));
    assert.equal(store.arrived[0], 10);
    assert.equal(store.ends[0], 70);
  });

  it('are late when they took longer than the configured maximum', () => {
    const store = new PacketStore(2, MAX_LATENCY);
    const delivered = { sent: 0, outcome: 'delivered' } as const;
    store.push(batchOf([90, 150].map((latency) => ({ ...delivered, latency }))));
    const kinds = [0, 1].map((number) => PACKET_CLASSES[store.kind[number] ?? -1]);
    assert.deepEqual(kinds, ['chunk', 'late']);
  });

  it('know which attempt of a chunk they are', () => {
    const store = new PacketStore(2, MAX_LATENCY);
    store.push(
      batchOf([
        { sent: 0, latency: 50, outcome: 'lost' },
        { sent: 200, latency: 50, outcome: 'delivered' },
      ]),
    );
    assert.deepEqual([store.attempt(0), store.attempt(1)], [1, 2]);
  });
});

describe('the histogram of packets', () => {
  it('loses none when a run outgrows its bins', () => {
    const histogram = new PacketHistogram();
    for (let ms = 0; ms < 200_000; ms += 100) {
      histogram.add(ms, classIndex(ms % 1_000 === 0 ? 'lost' : 'chunk'));
    }
    const bars = histogram.bars(20, 200_000);
    const sum = (pick: 'fine' | 'dropped'): number =>
      bars.reduce((total, bar) => total + bar[pick], 0);
    assert.deepEqual([sum('fine'), sum('dropped')], [1_800, 200]);
    assert.ok(bars.every(({ fine }) => fine > 80 && fine < 100));
  });
});
