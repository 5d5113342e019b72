import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Integrity, ProvenancePage, ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import { NO_FILTER } from '../../../webview/state/place.ts';
import {
  chainTicks,
  groupRuns,
  isShown,
  joined,
  joinedGraphs,
  refreshedPage,
  runBefore,
} from '../../../webview/state/timeline.ts';

const NOW = new Date(2026, 10, 25, 14, 30);

function run(index: number, rest: Partial<ProvenanceRun> = {}): ProvenanceRun {
  return {
    runId: index.toString(16).padStart(64, '0'),
    index,
    at: NOW.toISOString(),
    kind: 'simulation',
    capsuleHash: 'c'.repeat(64),
    product: 'harbor-pay',
    title: 'Mesh-sim, 5 nodes',
    summary: '',
    status: 'pass',
    isProven: true,
    ...rest,
  };
}

function integrity(size: number, verified = size): Integrity {
  return { status: verified === size ? 'intact' : 'broken', size, verified, sentence: '' };
}

function page(runs: ProvenanceRun[], next?: number): ProvenancePage {
  return { integrity: integrity(9), runs, ...(next === undefined ? {} : { next }) };
}

describe('the groups of the timeline', () => {
  it('are days of the local time zone, and what is under way comes first', () => {
    const at = (day: number, hour = 9): string => new Date(2026, 10, day, hour).toISOString();
    const groups = groupRuns(
      [
        run(6, { status: 'running' }),
        run(5, { at: at(25, 0) }),
        run(4, { at: at(24, 23) }),
        run(3, { at: at(21) }),
        run(2, { at: new Date(2025, 10, 21).toISOString() }),
      ],
      NOW,
    );
    assert.deepEqual(
      groups.map(({ runs }) => runs.map(({ index }) => index)),
      [[6], [5], [4], [3], [2]],
    );
    assert.deepEqual(
      groups.slice(0, 3).map(({ label }) => label),
      ['Now', 'Today', 'Yesterday'],
    );
    assert.match(groups[4]?.label ?? '', /2025/, 'another year is named');
  });
});

describe('the filter of the timeline', () => {
  it('wants every word somewhere in the entry', () => {
    const halted = run(1, { status: 'fail', summary: 'n2 halted in verify' });
    assert.ok(isShown(halted, { ...NO_FILTER, words: 'HALTED  harbor' }));
    assert.ok(!isShown(halted, { ...NO_FILTER, words: 'halted n3' }));
  });

  it('takes gate decisions for deploys, and refusals for failures', () => {
    const refused = run(1, { kind: 'gate-decision', status: 'refused' });
    assert.ok(isShown(refused, { ...NO_FILTER, kind: 'deploy', outcome: 'failed' }));
    assert.ok(!isShown(refused, { ...NO_FILTER, outcome: 'passed' }));
    assert.ok(!isShown(refused, { ...NO_FILTER, kind: 'pack' }));
  });
});

describe('the run that another is held against at first', () => {
  it('is the last sealed one of the same product before it, and none where there is none', () => {
    const simId = '00000000-0000-4000-8000-000000000000';
    const newest = run(9, { simId });
    const runs = [
      newest,
      run(8, { simId, status: 'running' }),
      run(7, { kind: 'pack', status: 'packed' }),
      run(6, { simId, product: 'another' }),
      run(5, { simId, status: 'fail' }),
      run(4, { simId }),
    ];
    assert.equal(runBefore(runs, newest)?.index, 5);
    assert.equal(runBefore(runs.slice(0, 4), newest), undefined);
  });
});

describe('the pages of the timeline', () => {
  const indices = ({ runs }: ProvenancePage): number[] => runs.map(({ index }) => index);

  it('stay loaded when the newest one is asked for again', () => {
    const shown = joined(page([run(5), run(4)], 4), page([run(3), run(2)], 2));
    const refreshed = refreshedPage(shown, page([run(6), run(5)], 5));
    assert.deepEqual(indices(refreshed), [6, 5, 4, 3, 2]);
    assert.equal(refreshed.next, 2);
  });

  it('show a run that was sealed meanwhile only where its evidence is', () => {
    const simId = '00000000-0000-4000-8000-000000000000';
    const shown = joined(page([run(5)], 5), page([run(4, { simId, status: 'running' })]));
    assert.deepEqual(indices(refreshedPage(shown, page([run(6, { simId }), run(5)], 5))), [6, 5]);
  });

  it('are dropped when the audit found less of the chain to hold', () => {
    const shown = joined(page([run(5)], 5), page([run(4)]));
    const broken = { ...page([run(5)], 5), integrity: integrity(9, 2) };
    assert.deepEqual(indices(refreshedPage(shown, broken)), [5]);
  });
});

describe('the pages of the chain of trust', () => {
  const [EARLIER, LATER] = ['2026-01-05T09:00:00.000Z', '2026-01-05T09:00:01.000Z'] as const;

  it('hold each box and each line once, newest first', () => {
    const node = (index: number) => ({
      id: String(index),
      kind: 'evidence' as const,
      title: '',
      lines: [],
      status: 'proven' as const,
      capsuleHash: 'c'.repeat(64),
      index,
      at: NOW.toISOString(),
    });
    const edge = (from: number, to: number) => ({
      from: String(from),
      to: String(to),
      status: 'proven' as const,
      sentence: '',
    });
    const joinedOnes = joinedGraphs(
      { checkedAt: EARLIER, nodes: [node(9), node(2)], edges: [edge(2, 9)], upgrades: [], next: 8 },
      {
        checkedAt: LATER,
        nodes: [node(5), node(2)],
        edges: [edge(2, 5), edge(2, 9)],
        upgrades: [],
      },
    );
    assert.equal(joinedOnes.checkedAt, EARLIER);
    assert.deepEqual(
      joinedOnes.nodes.map(({ index }) => index),
      [9, 5, 2],
    );
    assert.equal(joinedOnes.edges.length, 2);
    assert.equal(joinedOnes.next, undefined);
  });
});

describe('the ticks of the chain', () => {
  it('are one for each link while there is room', () => {
    assert.deepEqual(chainTicks(integrity(3), 12), ['verified', 'verified', 'verified']);
  });

  it('show where the chain breaks, and that what follows is unproven', () => {
    const ticks = chainTicks(integrity(5, 2), 12);
    assert.deepEqual(ticks, ['verified', 'verified', 'broken', 'unproven', 'unproven']);
  });

  it('stay few however long the chain is, and never hide a break', () => {
    const ticks = chainTicks(integrity(10_001, 9_999), 12);
    assert.ok(ticks.length <= 12);
    assert.equal(ticks.at(-1), 'broken');
    assert.equal(chainTicks(integrity(10_001), 12).at(-1), 'verified');
  });
});
