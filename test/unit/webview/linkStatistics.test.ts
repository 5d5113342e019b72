import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { drawUnit } from '../../../src/base/random.ts';
import { OUTCOMES } from '../../../src/model/packetClasses.ts';
import { BINS, binMiddle, binOf, quantileOf } from '../../../webview/run/latencyBins.ts';
import { LinkStatisticsAt } from '../../../webview/run/linkStatisticsAt.ts';
import { PacketStore } from '../../../webview/run/packetStore.ts';

interface Packet {
  readonly link: number;
  readonly sent: number;
  readonly arrived: number;
  readonly outcome: number;
}

const LOST = OUTCOMES.indexOf('lost');
const PEER_DOWN = OUTCOMES.indexOf('peer-down');

function storeOf(nodes: number, packets: readonly Packet[]): PacketStore {
  const store = new PacketStore(nodes);
  push(store, packets);
  return store;
}

function push(store: PacketStore, packets: readonly Packet[]): void {
  const column = <Key extends keyof Packet>(key: Key): Packet[Key][] =>
    packets.map((one) => one[key]);
  const zeros = packets.map(() => 0);
  store.push({
    link: column('link'),
    sent: column('sent'),
    arrived: column('arrived'),
    outcome: column('outcome'),
    flow: zeros,
    number: zeros,
    configured: zeros,
    chunk: zeros,
  });
}

/** One packet a ms between three nodes, 4 % of them lost, in order of arrival. */
function traffic(count: number): Packet[] {
  return Array.from({ length: count }, (_, index) => ({
    link: [1, 2, 3, 5, 6, 7][index % 6] ?? 1,
    sent: index - (40 + 140 * drawUnit(7, index)),
    arrived: index,
    outcome: drawUnit(8, index) < 0.04 ? LOST : 0,
  }));
}

/** By sorting, as the definition says. */
function exactQuantile(packets: readonly Packet[], link: number, t: number, q: number): number {
  const sorted = packets
    .filter((one) => one.link === link && one.outcome === 0 && one.arrived <= t)
    .map(({ sent, arrived }) => arrived - sent)
    .sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

describe('bins of latencies', () => {
  it('give back any latency to 0.125 ms, or 0.4 % above 32 ms', () => {
    for (let index = 0; index < 20_000; index += 1) {
      const ms = 60_000 ** drawUnit(1, index) - 1;
      const error = Math.abs(binMiddle(binOf(ms)) - ms);
      assert.ok(error <= Math.max(0.125, 0.004 * ms), `${ms} is off by ${error}`);
    }
  });

  it('keep what took longer than any plan allows in the last bin', () => {
    assert.equal(binOf(10_000_000), BINS - 1);
    assert.equal(binOf(-0.001), 0);
  });

  it('have no quantile while nothing was counted', () => {
    assert.equal(quantileOf(new Uint32Array(BINS), 0, 0.5), undefined);
  });
});

describe('the statistics of links', () => {
  it('count losses and late packets, and leave out what has not arrived yet or met a dead peer', () => {
    const store = storeOf(2, [
      { link: 1, sent: 0, arrived: 10, outcome: 0 },
      { link: 1, sent: 0, arrived: 20, outcome: LOST },
      { link: 1, sent: 0, arrived: 30, outcome: PEER_DOWN },
      { link: 1, sent: 0, arrived: 50, outcome: 0 },
      { link: 1, sent: 90, arrived: 200, outcome: 0 },
    ]);
    const { sent, loss, late, p50, p95 } = new LinkStatisticsAt(store, 2, 40).at(100).links[1]!;
    assert.deepEqual({ sent, loss, late }, { sent: 3, loss: 100 / 3, late: 1 });
    assert.ok(Math.abs(p50! - 10) <= 0.125);
    assert.ok(Math.abs(p95! - 50) <= 0.2);
  });

  it('agree with sorting at the newest and at any past instant, whatever was asked before', () => {
    const packets = traffic(120_000);
    const store = new PacketStore(3);
    const statistics = new LinkStatisticsAt(store, 3, 180);
    for (let from = 0; from < packets.length; from += 5_000) {
      push(store, packets.slice(from, from + 5_000));
      statistics.at(from + 5_000);
    }
    for (const t of [119_999, 3, 500, 32_767, 32_768, 70_000, 119_998]) {
      for (const link of [1, 7]) {
        for (const [q, name] of [
          [0.5, 'p50'],
          [0.95, 'p95'],
        ] as const) {
          const shown = statistics.at(t).links[link]?.[name] ?? NaN;
          const exact = exactQuantile(packets, link, t, q);
          if (Number.isNaN(exact)) assert.ok(Number.isNaN(shown), `${name} at ${t}`);
          else assert.ok(Math.abs(shown - exact) <= 0.01 * exact, `${name} at ${t}: ${shown}`);
        }
      }
    }
  });

  it('still count the packets that the store has let go, at the newest instant', () => {
    const store = new PacketStore(3);
    const statistics = new LinkStatisticsAt(store, 3, 180);
    const packets = traffic(300_000);
    for (let from = 0; from < packets.length; from += 10_000) {
      push(store, packets.slice(from, from + 10_000));
      statistics.at(from + 10_000);
    }
    assert.ok(store.first > 0, 'some are gone');
    assert.equal(statistics.at(300_000).all.sent, 300_000);
    assert.equal(statistics.at(store.first + 70_000).all.sent, store.first + 70_001);
    assert.equal(statistics.at(100).all.sent, 0, 'what is gone can not be told of a past instant');
  });
});
