import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { LogFilter, rowAt, type LogCriteria } from '../../../webview/run/logFilter.ts';
import type { LogRow } from '../../../src/log/logRow.ts';
import { EVERY_LINE, parseQuery } from '../../../src/log/query/parseQuery.ts';
import { LogTeller } from '../../../src/log/logTeller.ts';
import { rowWindow, scrollToSee } from '../../../webview/ui/rowWindow.ts';

const simId = '00000000-0000-4000-8000-000000000000';

/** One event each 100 ms. */
function told(...bodies: MeshEventBody[]): LogRow[] {
  const teller = new LogTeller(5);
  return bodies.flatMap((body, seq) => {
    const row = teller.row({ ...body, seq, at: seq * 100, simId });
    return row === undefined ? [] : [row];
  });
}

function textsOf(rows: readonly LogRow[]): string[] {
  return rows.map(({ nodeId, text }) => `${nodeId} ${text}`);
}

describe('events in sentences', () => {
  it('count who is ready, and take off who crashes', () => {
    const healthy = { type: 'phase', phase: 'healthy', status: 'ok' } as const;
    const rows = told(
      { ...healthy, nodeId: 'n0' },
      { ...healthy, nodeId: 'n1' },
      { type: 'node', nodeId: 'n1', status: 'crashed' },
      { ...healthy, nodeId: 'n2' },
    );
    assert.deepEqual(textsOf(rows), [
      'n0 healthy, READY 1/5',
      'n1 healthy, READY 2/5',
      'n1 crashed',
      'n2 healthy, READY 2/5',
    ]);
  });

  it('warn where the guard does not see every program, and report who tried to reach production', () => {
    const rows = told(
      { type: 'guard', nodeId: 'n0', status: 'all-programs', details: 'all programs' },
      { type: 'guard', nodeId: 'n1', status: 'nodejs-programs', details: 'Node.js only' },
      { type: 'guard', nodeId: 'n1', status: 'denied', host: 'db.example' },
    );
    assert.deepEqual(
      rows.map(({ level, text }) => `${level}: ${text}`),
      ['detail: all programs', 'key: Node.js only', 'problem: a service tried to reach db.example'],
    );
  });

  it('tell which host a node lives on', () => {
    const home = { host: 'edge', kind: 'ssh', os: 'linux', arch: 'x64', node: 'v24.1.0' } as const;
    const rows = told({ type: 'host', nodeId: 'n1', ...home, roundTripMs: 2 });
    assert.deepEqual(textsOf(rows), [
      'n1 lives on edge (ssh, linux x64, Node.js v24.1.0), round trip 2.0 ms, 1.0 ms at least each way',
    ]);
  });

  it('tell what a node waits for its turn to start, and behind how many', () => {
    const waiting = { type: 'turn', status: 'waiting' } as const;
    const rows = told(
      { ...waiting, nodeId: 'n1', turn: 'service', service: 'db', before: 3 },
      { ...waiting, nodeId: 'n2', turn: 'build', service: 'db', before: 4 },
      { ...waiting, nodeId: 'n3', turn: 'box', before: 5 },
    );
    assert.deepEqual(textsOf(rows), [
      'n1 waits for its turn to start db, 3 before it',
      'n2 waits for its turn to build db, 4 before it',
      'n3 waits for its turn to open its box, 5 before it',
    ]);
  });

  it('do not count who got healthy when the rollout had ended', () => {
    const rows = told(
      { type: 'node', nodeId: 'n0', status: 'failed', details: 'n0 was not healthy in time.' },
      { type: 'run', status: 'measuring' },
      { type: 'phase', nodeId: 'n0', phase: 'healthy', status: 'ok' },
    );
    assert.equal(textsOf(rows).at(-1), 'n0 healthy, READY 0/5');
  });

  it('tell after how long a node came back, and with what', () => {
    const rows = told(
      { type: 'node', nodeId: 'n3', status: 'crashed' },
      { type: 'node', nodeId: 'n3', status: 'restarted', kept: 11, missing: 13 },
    );
    assert.equal(rows[1]?.text, 'restart after 100 ms, 11 chunks on disk');
    assert.equal(rows[1].level, 'key');
  });

  it('name both ends of a hop, and why one was refused', () => {
    const rows = told(
      { type: 'hop', nodeId: 'n0', from: 'n0', status: 'valid' },
      { type: 'hop', nodeId: 'n3', from: 'n1', status: 'valid' },
      { type: 'hop', nodeId: 'n3', from: 'n2', status: 'invalid' },
      { type: 'refusal', nodeId: 'n3', from: 'n2', status: 'chunk', chunk: 7 },
    );
    assert.deepEqual(textsOf(rows), [
      'n0 its own copy of the Capsule is valid',
      'n3 hop n1→n3 valid',
      'n3 hop n2→n3 invalid',
      'n3 refused chunk 7 of n2, its digest differs',
    ]);
    assert.deepEqual(
      rows.map(({ level }) => level),
      ['key', 'key', 'problem', 'problem'],
    );
  });

  it('count a fault as a problem, and its mending as none', () => {
    const fault = { type: 'fault', fault: 0, nodeId: 'n3' } as const;
    const rows = told({ ...fault, status: 'fired' }, { ...fault, status: 'healed' });
    assert.deepEqual(
      rows.map(({ level }) => level),
      ['problem', 'key'],
    );
    const [acted, not] = told(
      { ...fault, status: 'acted', details: 'orders is paused', count: 2 },
      { ...fault, status: 'not-applied', details: 'n3 has no box' },
    );
    assert.equal(acted?.text, 'orders is paused');
    assert.match(not?.text ?? '', /fault 0 not applied: n3 has no box/);
  });

  it('tell of chunks the network lost, not of lost heartbeats or dead peers, and of 4,000 at most', () => {
    const teller = new LogTeller(5);
    const columns = { number: [0, 0, 0, 0], configured: [0, 0, 0, 0] };
    const batch = {
      ...columns,
      link: [8, 8, 8, 8],
      flow: [1, 1, 3, 1],
      sent: [10, 20, 30, 40],
      arrived: [10, 20, 30, 40],
      outcome: [1, 0, 1, 5],
      chunk: [17, 18, -1, 19],
    };
    const rows = teller.packets(batch);
    assert.deepEqual(textsOf(rows), ['n1 chunk 17 lost n1→n3']);
    assert.equal(rows[0]?.at, 10);
    const [later] = teller.packets({ ...batch, chunk: [27, 28, -1, 29] }, 60);
    assert.equal(later?.at, 60, 'a batch of its own has a place in the order');
    for (let count = 0; count < 5_000; count += 1) teller.packets(batch);
    assert.equal(teller.packets(batch).length, 0);
  });

  it('tell of each chunk that is sent again to the same node, and with the how many-th try', () => {
    const teller = new LogTeller(5);
    const sent = (chunk: number, link: number, at: number): string[] =>
      textsOf(
        teller.packets({
          ...{ link: [link], flow: [1], number: [0], configured: [0], outcome: [0] },
          ...{ sent: [at], arrived: [at + 50], chunk: [chunk] },
        }),
      );
    const [N0_TO_N2, N1_TO_N2] = [2, 7];
    assert.deepEqual(sent(18, N0_TO_N2, 0), []);
    assert.deepEqual(sent(18, N1_TO_N2, 10), [], 'on another tree, for safety');
    assert.deepEqual(sent(18, N0_TO_N2, 400), ['n0 chunk 18 to n2 timed out, try 2']);
    assert.deepEqual(sent(18, N0_TO_N2, 900), ['n0 chunk 18 to n2 timed out, try 3']);
  });

  it('take what a node is sent again after a crash for a first try', () => {
    const teller = new LogTeller(5);
    const batch = {
      ...{ link: [2, 2, 3, 3], flow: [1, 1, 1, 1], number: [0, 1, 0, 1] },
      ...{ configured: [0, 0, 0, 0], outcome: [0, 0, 0, 0], chunk: [4, 4, 4, 4] },
      ...{ sent: [10, 300, 10, 300], arrived: [60, 350, 60, 350] },
    };
    const crash = { type: 'node', nodeId: 'n2', status: 'crashed' } as const;
    teller.row({ ...crash, seq: 0, at: 100, simId });
    assert.deepEqual(textsOf(teller.packets(batch)), ['n0 chunk 4 to n3 timed out, try 2']);
  });
});

function row(number: number, over: Partial<LogRow> = {}): LogRow {
  const text = `event ${number}`;
  const base = { at: number * 10, nodeId: `n${number % 3}`, tone: '', glyph: 'dot' } as const;
  return { number, level: 'key', text, facts: {}, ...base, ...over };
}

describe('the filter of the log', () => {
  const ALL: LogCriteria = { level: 'All', query: EVERY_LINE, nodeId: undefined };

  it('wants every word, anywhere in the node or the sentence, in any case', () => {
    const log = [row(0, { text: 'chunk 17 lost n1→n0' }), row(1, { text: 'chunk 18 from n0' })];
    const shown = (words: string): number[] =>
      new LogFilter().rows(log, { ...ALL, query: parseQuery(words) }).map(({ number }) => number);
    assert.deepEqual(shown('n0 LOST'), [0]);
    assert.deepEqual(shown('chunk'), [0, 1]);
    assert.deepEqual(shown('lost n2'), []);
  });

  it('keeps to a level and to a node', () => {
    const log = [
      row(0, { level: 'detail' }),
      row(1),
      row(2, { level: 'problem' }),
      row(4, { level: 'problem' }),
    ];
    const shown = (criteria: Partial<LogCriteria>): number[] =>
      new LogFilter().rows(log, { ...ALL, ...criteria }).map(({ number }) => number);
    assert.deepEqual(shown({}), [0, 1, 2, 4]);
    assert.deepEqual(shown({ level: 'Key' }), [1, 2, 4]);
    assert.deepEqual(shown({ level: 'Problems' }), [2, 4]);
    assert.deepEqual(shown({ level: 'Problems', nodeId: 'n1' }), [4]);
  });

  it('looks at each row once while the log only grows', () => {
    let looks = 0;
    const watched = (number: number): LogRow => ({
      ...row(number),
      get text() {
        looks += 1;
        return 'event';
      },
    });
    const log = Array.from({ length: 20_000 }, (_, number) => watched(number));
    const filter = new LogFilter();
    const criteria = { ...ALL, query: parseQuery('event') };
    assert.equal(filter.rows(log, criteria).length, 20_000);
    looks = 0;
    log.push(watched(20_000));
    assert.equal(filter.rows(log, { ...criteria }).length, 20_001);
    assert.equal(looks, 1);
    assert.equal(filter.rows(log.slice(10_000), criteria).length, 10_001, 'a cut log is read anew');
  });

  it('finds the row at the playhead', () => {
    const rows = [row(1), row(2), row(3)];
    assert.deepEqual(
      [0, 10, 29, 30, 999].map((t) => rowAt(rows, t)),
      [-1, 0, 1, 2, 2],
    );
    assert.equal(rowAt([], 5), -1);
  });
});

describe('the window of a long list', () => {
  it('is what is seen and a margin, and never outside the list', () => {
    const list = { rowHeight: 22, height: 220 };
    assert.deepEqual(rowWindow({ ...list, rows: 20_000, top: 2_200 }), { first: 90, end: 120 });
    assert.deepEqual(rowWindow({ ...list, rows: 20_000, top: 0 }), { first: 0, end: 20 });
    assert.deepEqual(rowWindow({ ...list, rows: 3, top: 0 }), { first: 0, end: 3 });
    assert.deepEqual(rowWindow({ ...list, rows: 3, top: 5_000 }), { first: 3, end: 3 });
  });

  it('moves just as far as a row needs to be seen whole', () => {
    const list = { rowHeight: 22, top: 220, height: 220 };
    assert.equal(scrollToSee(12, list), 220);
    assert.equal(scrollToSee(2, list), 44);
    assert.equal(scrollToSee(20, list), 242);
  });
});
