import assert from 'node:assert/strict';
import { drawUnit } from '../../../src/base/random.ts';
import type { LogRow } from '../../../src/log/logRow.ts';
import { Matcher, matching } from '../../../src/log/query/matcher.ts';
import { parseQuery } from '../../../src/log/query/parseQuery.ts';
import type { Query } from '../../../src/log/query/query.ts';

function row(at: number, nodeId: string, text: string, facts: LogRow['facts'] = {}): LogRow {
  const look = { tone: '', glyph: 'dot' } as const;
  const level = facts.status === 'error' ? 'problem' : 'key';
  return { number: at, at, nodeId, text, level, ...look, facts: { node: nodeId, ...facts } };
}

const ROWS = [
  row(0, 'n0', 'boots', { type: 'phase', phase: 'boot', status: 'started' }),
  row(100, 'n1', 'partition n1 | n2', { type: 'fault', fault: 'partition', status: 'fired' }),
  row(400, 'n2', 'orders no answer for 3 s', {
    type: 'probes',
    service: 'orders',
    status: 'error',
  }),
  row(1_500, 'n2', 'no-drift holds', { type: 'invariant', name: 'No-Drift', status: 'passed' }),
  row(2_000, 'n1', 'receive failed', { type: 'phase', phase: 'receive', status: 'error' }),
];

function found(text: string): number[] {
  return matching(ROWS, parseQuery(text)).map(({ at }) => at);
}

describe('what is asked of a log', () => {
  for (const [text, times] of [
    ['', [0, 100, 400, 1_500, 2_000]],
    ['boots', [0]],
    ['N2', [100, 400, 1_500]],
    ['"n2 no"', [1_500]],
    ['node:n2', [400, 1_500]],
    ['node:n0,n1', [0, 100, 2_000]],
    ['status:error node:n2', [400]],
    ['status:error and node:n2', [400]],
    ['status:err*', [400, 2_000]],
    ['name:no-drift', [1_500]],
    ['name:"no-drift"', [1_500]],
    ['service:*', [400]],
    ['level:problem', [400, 2_000]],
    ['-status:error', [0, 100, 1_500]],
    ['not (status:error or node:n0)', [100, 1_500]],
    ['node:n0 or node:n2 service:orders', [0, 400]],
    ['at:<400ms', [0, 100]],
    ['at:<=400ms', [0, 100, 400]],
    ['at:>1.5s', [2_000]],
    ['at:100ms..1.5s', [100, 400, 1_500]],
    ['at:2s', [2_000]],
    ['status:error preceded-by(fault:partition)', [400, 2_000]],
    ['status:error not preceded-by(fault:partition within:500ms)', [2_000]],
    ['fault:partition followed-by(status:error)', [100]],
    ['followed-by(phase:receive within:500ms)', [1_500]],
    ['preceded-by(not preceded-by(boots))', [100, 400, 1_500, 2_000]],
    ['preceded-by(phase:receive)', []],
  ] as const) {
    it(`finds ${times.length} of 5 by: ${text}`, () => assert.deepEqual(found(text), times));
  }

  for (const [text, column, why] of [
    ['nod:n2', 1, /"nod" is no key: use one of type, status, node,/],
    ['lost http://x', 6, /"http" is no key: .* or put the text in quotes/],
    ['status:', 1, /"status:" is without a value/],
    ['node:n1,', 1, /without a value/],
    ['type:nothing', 1, /"nothing" is no type: it is one of run, phase,/],
    ['x fault:parttion', 3, /"parttion" is no fault: it is one of kill, partition,/],
    ['"lost', 1, /no partner/],
    ['lost (a or b', 6, /this "\(" is not closed/],
    ['a)', 2, /this "\)" closes nothing/],
    ['a or', 5, /a term is missing here/],
    ['or a', 1, /"or" stands between two terms/],
    ['()', 2, /a term is missing here/],
    ['preceded-by(a', 12, /not closed/],
    ['preceded-by(within:5s)', 13, /a term is missing here/],
    ['a within:5s', 3, /"within:" is the last word in/],
    ['preceded-by(a within:soon)', 15, /"soon" is no time such as 500ms/],
    ['at:3', 1, /"3" is no time/],
    ['at:3s..1s', 1, /ends before it begins/],
    ['('.repeat(60), 51, /nested more than 50 deep/],
    ['x'.repeat(2_001), 1, /at most 2000 characters/],
  ] as const) {
    it(`refuses, and says where: ${text.slice(0, 30)}`, () => {
      assert.throws(
        () => parseQuery(text),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'usage');
          assert.ok(error.message.startsWith(`Column ${column} of the query: `), error.message);
          assert.match(error.message, why);
          return true;
        },
      );
    });
  }
});

/** What each word means, written as plainly as it can be. */
function answers(query: Query, rows: readonly LogRow[], index: number): boolean {
  const here = rows[index]!;
  const others = (of: Query, from: number, to: number, withinMs: number) =>
    rows.slice(from, to).some((other, offset) => {
      return Math.abs(other.at - here.at) <= withinMs && answers(of, rows, from + offset);
    });
  switch (query.kind) {
    case 'not':
      return !answers(query.of, rows, index);
    case 'and':
      return query.of.every((one) => answers(one, rows, index));
    case 'or':
      return query.of.some((one) => answers(one, rows, index));
    case 'preceded-by':
      return others(query.of, 0, index, query.withinMs);
    case 'followed-by':
      return others(query.of, index + 1, rows.length, query.withinMs);
    case 'all':
    case 'text':
    case 'fact':
    case 'at':
      return matching([here], query).length === 1;
  }
}

describe('a log that grows, asked step by step', () => {
  it('answers as all of it would, whatever is asked', () => {
    let draws = 0;
    const random = () => drawUnit(7, draws++);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const drawn = (depth: number): string => {
      if (depth === 0 || random() < 0.3)
        return pick(['node:n1', 'status:error', 'lost', 'at:>50ms']);
      const of = drawn(depth - 1);
      const within = pick(['', ' within:5ms', ' within:20ms']);
      return pick([
        `-(${of})`,
        `(${of} or ${drawn(depth - 1)})`,
        `(${of} ${drawn(depth - 1)})`,
        `preceded-by(${of}${within})`,
        `followed-by(${of}${within})`,
      ]);
    };
    for (let round = 0; round < 300; round += 1) {
      let at = 0;
      const rows = Array.from({ length: 25 }, () => {
        at += Math.floor(random() * 10);
        return row(at, pick(['n0', 'n1']), pick(['lost', 'found']), {
          status: pick(['ok', 'error']),
        });
      });
      const text = drawn(3);
      const query = parseQuery(text);
      const matcher = new Matcher(query);
      const told: number[] = [];
      for (let end = 1; end <= rows.length; end += 1 + Math.floor(random() * 5)) {
        const next = matcher.next(rows.slice(0, end));
        if (matcher.looksAhead) told.length = 0;
        told.push(...next);
      }
      const expected = told.map((_, index) =>
        Number(answers(query, rows.slice(0, told.length), index)),
      );
      assert.deepEqual(told, expected, text);
    }
  });

  it('looks at 100,000 lines once for each word of the query', () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => row(at, `n${at % 5}`, 'lost'));
    let looks = 0;
    for (const one of rows) {
      Object.defineProperty(one, 'text', { get: () => ((looks += 1), 'lost') });
    }
    const query = parseQuery('lost preceded-by(lost within:10ms) followed-by(preceded-by(lost))');
    assert.equal(matching(rows, query).length, 99_998);
    assert.equal(looks, 3 * rows.length);
  });
});
