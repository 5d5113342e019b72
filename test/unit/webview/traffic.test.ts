import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { CONNECTION_STATUSES, type ConnectionStatus } from '../../../src/model/connectionStatus.ts';
import type { Connections, Traffic } from '../../../src/model/events.ts';
import { bundleWidth, stretchOf } from '../../../webview/draw/bundleSize.ts';
import { ConnectionTeller } from '../../../src/log/connectionTeller.ts';
import { RoundTrips } from '../../../webview/run/roundTrips.ts';
import { TrafficStore } from '../../../webview/run/trafficStore.ts';

function traffic(until: number, link: readonly number[], packets: readonly number[]): Traffic {
  const none = link.map(() => 0);
  const columns = { link: [...link], target: none, toward: none, packets: [...packets] };
  const from = until - 100;
  return { from, until, targets: ['a'], ...columns, bytes: none, dropped: none, delayMs: none };
}

function connections(status: ConnectionStatus, rttMs = -1, count = 1): Connections {
  const index = CONNECTION_STATUSES.indexOf(status);
  const columns = { link: [1], target: [0], status: [index], seen: [0], count: [count] };
  return { targets: ['orders'], ...columns, rttMs: [rttMs] };
}

describe('traffic between services, in the page', () => {
  it('is counted until any instant, and flows at the rate of the last half second', () => {
    const store = new TrafficStore();
    for (let until = 100; until <= 1_000; until += 100) store.push(traffic(until, [1, 5], [10, 2]));
    assert.deepEqual(
      [99, 100, 550, 5_000].map((t) => store.packetsUntil(t)),
      [0, 12, 60, 120],
    );
    assert.deepEqual(
      [...store.ratesAt(1_000)],
      [
        [1, 100],
        [5, 20],
      ],
    );
    assert.deepEqual([...store.ratesAt(2_000)], []);
    const seen: number[] = [];
    store.visit(250, 450, (at) => seen.push(store.until[at] ?? 0));
    assert.deepEqual([...new Set(seen)], [300, 400, 500]);
  });

  it('is held as far as there is room, and counted all the same', () => {
    const store = new TrafficStore();
    const links = Array.from({ length: 100 }, (_, link) => link);
    for (let tick = 1; tick <= 2_500; tick += 1) store.push(traffic(tick * 100, links, links));
    assert.ok(store.link.length <= 200_000);
    assert.equal(store.total, 250_000);
    assert.equal(store.packetsUntil(Infinity), 2_500 * 4_950);
  });

  it('is drawn by so few curves that a frame has time for them, and wider where there is more', () => {
    const scale = { top: 0, laneHeight: 60, barHeight: 10, nodes: 10 };
    for (const span of [2_000, 60_000, 3_600_000]) {
      for (const links of [1, 90]) {
        const stretch = stretchOf({ ...scale, from: 0, to: span, width: 900 }, links);
        assert.ok(stretch >= 100);
        assert.ok((span / stretch) * links <= 700, `${span} ms, ${links} links`);
      }
    }
    const widths = [0, 10, 1_000, 10_000, 1e9].map(bundleWidth);
    assert.deepEqual(
      [...widths].sort((a, b) => a - b),
      widths,
    );
    assert.ok((widths.at(-1) ?? 0) <= 8);
  });
});

describe('connections between services, in words', () => {
  it('name who talks to whom once, and what goes wrong when it is news', () => {
    const teller = new ConnectionTeller(3);
    const told = (status: ConnectionStatus, at: number, rttMs?: number, count?: number) =>
      teller.lines(connections(status, rttMs, count), at).map(({ level, text }) => [level, text]);
    assert.deepEqual(told('opened', 0, 41.52), [
      ['key', 'orders on n1 connected, round trip 41.5 ms'],
    ]);
    assert.deepEqual(told('opened', 9_000, -1, 12), [['detail', 'orders on n1 connected ×12']]);
    assert.deepEqual(told('refused', 9_000), [['problem', 'orders on n1 refused']]);
    assert.deepEqual(told('refused', 10_000)[0]?.[0], 'detail');
    assert.deepEqual(told('refused', 14_000)[0]?.[0], 'detail', 'it has gone on all the time');
    assert.deepEqual(told('refused', 20_000)[0]?.[0], 'problem');
    assert.deepEqual(told('timed-out', 20_000), [['problem', 'orders on n1 no answer for 3 s']]);
    const unfollowed = teller.lines({ ...connections('closed'), unfollowed: 7 }, 0);
    assert.equal(unfollowed[1]?.text, '7 more connections than can be followed');
  });

  it('tell round trips by client and server, of any instant', () => {
    const trips = new RoundTrips(3);
    for (const [at, ms] of [
      [100, 40],
      [200, 50],
      [300, 300],
      [400, -1],
    ] as const) {
      trips.push(connections('opened', ms), at);
    }
    assert.equal(trips.count, 3);
    assert.equal(trips.at(250).links[1]?.sent, 2);
    const { p50, p95, sent } = trips.at(1_000).links[1]!;
    assert.equal(sent, 3);
    assert.ok(Math.abs((p50 ?? 0) - 50) < 0.5 && Math.abs((p95 ?? 0) - 300) < 1.5);
    assert.equal(trips.at(1_000).links[0]?.p50, undefined);
  });
});
