import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { UpgradeSpans } from '../../../webview/run/upgradeSpans.ts';

const SIM = '0b6f7c8e-0000-4000-8000-000000000000';

/** Two nodes; each event happens as many ms after the start as it has before it. */
function spansOf(...told: readonly MeshEventBody[]): UpgradeSpans {
  const spans = new UpgradeSpans(2);
  told.forEach((body, at) => {
    spans.push({ ...body, seq: at, at, simId: SIM });
  });
  return spans;
}

const phase = (nodeId: string, name: 'stop' | 'migrate' | 'start' | 'healthy'): MeshEventBody => ({
  ...{ type: 'phase', nodeId, phase: name, status: 'started' },
});
const wave = (
  number: number,
  to: 'old' | 'new',
  nodes: string[],
  status: 'begun' | 'switched' | 'ok' | 'failed' = 'begun',
): MeshEventBody => ({ type: 'wave', wave: number, leg: 0, to, nodes, status });
const crash: MeshEventBody = { type: 'node', nodeId: 'n1', status: 'crashed' };
const back: MeshEventBody = { type: 'node', nodeId: 'n1', status: 'restarted', kept: 1 };

describe('what runs where in an upgrade', () => {
  it('is the old Capsule from the first start on, and the other one when a moved node starts again', () => {
    const spans = spansOf(
      phase('n1', 'start'),
      wave(1, 'new', ['n1']),
      phase('n1', 'stop'),
      phase('n1', 'migrate'),
      phase('n1', 'start'),
      wave(1, 'new', ['n1'], 'ok'),
    );
    assert.equal(spans.versionAt(0, 5), undefined);
    assert.deepEqual(
      [0, 3, 4, 9].map((t) => spans.versionAt(1, t)),
      ['old', 'old', 'new', 'new'],
    );
    assert.deepEqual(spans.waves, [
      { wave: 1, to: 'new', nodes: [1], start: 1, end: 5, hasFailed: false, hasSwitched: false },
    ]);
  });

  it('is what a node ran before where it crashed on its way, until it is moved again', () => {
    const spans = spansOf(
      phase('n1', 'start'),
      wave(1, 'new', ['n1']),
      phase('n1', 'stop'),
      crash,
      back,
      phase('n1', 'start'),
      phase('n1', 'stop'),
      phase('n1', 'start'),
    );
    assert.deepEqual(
      [5, 6, 7].map((t) => spans.versionAt(1, t)),
      ['old', 'old', 'new'],
    );
  });

  it('changes as names switch where the other starts beside it, and tells what each phase is about', () => {
    const spans = spansOf(
      phase('n1', 'start'),
      wave(1, 'new', ['n1']),
      phase('n1', 'migrate'),
      phase('n1', 'start'),
      phase('n1', 'healthy'),
      wave(1, 'new', ['n1'], 'switched'),
      phase('n1', 'stop'),
      phase('n1', 'healthy'),
      wave(1, 'new', ['n1'], 'ok'),
    );
    assert.deepEqual(spans.versions[1], [
      { version: 'old', start: 0, end: 5 },
      { version: 'new', start: 5, end: Infinity },
    ]);
    assert.deepEqual(
      spans.phases[1]?.map(({ start, version }) => `${start} ${version}`),
      ['0 old', '3 new', '4 new', '6 old', '7 new'],
    );
    assert.equal(spans.waves[0]?.end, 8);
  });

  it('stays where what started beside it is stopped again', () => {
    const spans = spansOf(
      phase('n1', 'start'),
      wave(1, 'new', ['n1']),
      phase('n1', 'migrate'),
      phase('n1', 'start'),
      phase('n1', 'stop'),
      phase('n1', 'healthy'),
    );
    assert.deepEqual(
      spans.phases[1]?.map(({ start, version }) => `${start} ${version}`),
      ['0 old', '3 new', '4 new', '5 old'],
    );
    assert.equal(spans.versionAt(1, 9), 'old');
  });

  it('stays the new one where a node crashed after it had started that', () => {
    const spans = spansOf(
      phase('n1', 'start'),
      wave(1, 'new', ['n1']),
      phase('n1', 'stop'),
      phase('n1', 'start'),
      crash,
      back,
      phase('n1', 'start'),
    );
    assert.deepEqual(spans.versions[1], [
      { version: 'old', start: 0, end: 3 },
      { version: 'new', start: 3, end: Infinity },
    ]);
  });

  it('goes back, in windows that follow each other and end with the run', () => {
    const spans = spansOf(
      { type: 'window', window: 'before' },
      { type: 'window', window: 'mixed' },
      { type: 'window', window: 'rolled-back' },
      wave(3, 'old', ['n0', 'n1']),
      wave(3, 'old', ['n0', 'n1'], 'failed'),
      { type: 'run', status: 'stopping' },
    );
    assert.deepEqual(
      spans.windows.map(({ window, start, end }) => [window, start, end]),
      [
        ['before', 0, 1],
        ['mixed', 1, 2],
        ['rolled-back', 2, 5],
      ],
    );
    assert.deepEqual(
      spans.waves.map(({ end, hasFailed }) => [end, hasFailed]),
      [[4, true]],
    );
  });

  it('keeps what checks came to, and not that they began', () => {
    const check = { type: 'check', nodeId: 'n1', service: 'web', name: 'counts' } as const;
    const at = { window: 'mixed', wave: 1 } as const;
    const spans = spansOf(
      { ...check, ...at, status: 'begun' },
      { ...check, ...at, status: 'passed' },
      { ...check, ...at, status: 'unfinished', details: 'n1 was down' },
    );
    assert.deepEqual(
      spans.checks.map(({ at: ms, node, status }) => [ms, node, status]),
      [
        [1, 1, 'passed'],
        [2, 1, 'unfinished'],
      ],
    );
  });
});
