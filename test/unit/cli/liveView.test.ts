import assert from 'node:assert/strict';
import { liveView } from '../../../src/cli/liveView.ts';
import { paintFor, visibleLength } from '../../../src/cli/paint.ts';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { applyEvent, newRunView } from '../../../src/model/runView.ts';

const SIM = '00000000-0000-4000-8000-000000000000';

function viewAfter(nodes: number, bodies: MeshEventBody[]) {
  const view = newRunView(nodes);
  bodies.forEach((body, seq) => {
    applyEvent(view, { seq, at: seq * 100, simId: SIM, ...body });
  });
  return view;
}

describe('the live view of a run', () => {
  it('shows a node that fetches: phase, share of its chunks, READY count', () => {
    const view = viewAfter(2, [
      { type: 'phase', nodeId: 'n1', phase: 'receive', status: 'started' },
      { type: 'chunk', nodeId: 'n1', from: 'n0', chunk: 0, have: 3, total: 4, status: 'stored' },
      { type: 'phase', nodeId: 'n0', phase: 'healthy', status: 'ok' },
    ]);
    const lines = liveView(view, 120, paintFor(false));
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? '', /n0 .*healthy/);
    assert.match(lines[1] ?? '', /n1 .*receive.*3\/4/);
    assert.match(lines[2] ?? '', /READY 1\/2/);
  });

  it('shows a crash until the node is back', () => {
    const down: MeshEventBody[] = [{ type: 'node', nodeId: 'n1', status: 'crashed' }];
    assert.match(liveView(viewAfter(2, down), 120, paintFor(false))[1] ?? '', /down/);
    const back: MeshEventBody = { type: 'node', nodeId: 'n1', status: 'restarted', kept: 2 };
    assert.doesNotMatch(
      liveView(viewAfter(2, [...down, back]), 120, paintFor(false))[1] ?? '',
      /down/,
    );
  });

  it('shows the build that goes on, for how long it does, and what it said last', () => {
    const building = { nodeId: 'n0', service: 'web', since: -4_000, line: 'a\u001b[2Jdded 3' };
    const lines = liveView(viewAfter(2, []), 120, paintFor(false), building);
    assert.match(lines[2] ?? '', /^n0 builds web, 4\.\d\d s {2}added 3$/);
  });

  it('never writes beyond the terminal, colours included', () => {
    for (const line of liveView(viewAfter(5, []), 30, paintFor(true))) {
      assert.ok(visibleLength(line) <= 30, line);
    }
  });
});
