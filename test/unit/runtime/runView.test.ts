import assert from 'node:assert/strict';
import type { MeshEventBody } from '../../../src/model/events.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { applyEvent, newRunView, type RunView } from '../../../src/model/runView.ts';
import { rehearse } from '../../support/virtualPlans.ts';

const SIM_ID = '0b8f8f5e-7c1d-4c38-9a55-6a1d6f5c2e11';

async function viewOf(
  nodes: number,
  input: Partial<PlanInput>,
): Promise<{ view: RunView; most: number }> {
  const view = newRunView(nodes);
  let most = 0;
  await rehearse(
    { ...input, params: { nodes, ...input.params } },
    {
      sink: (event) => {
        applyEvent(view, event);
        most = Math.max(most, view.ready);
      },
    },
  );
  return { view, most };
}

describe('the view of a run', () => {
  it('counts nodes that are ready, chunks, hops and packets', async () => {
    const { view } = await viewOf(5, { params: { packetLoss: 10 } });
    assert.equal(view.status, 'finished');
    assert.equal(view.ready, 5);
    assert.equal(view.chunksStored, 4 * 20);
    assert.ok(view.hopsValid >= 5);
    assert.ok(view.packetsLost > 0);
    assert.equal(
      view.packetsSent,
      view.packetsDelivered + view.packetsLost + view.packetsUnreachable,
    );
    assert.equal(view.latencyMatrix.length, 5);
    assert.equal(view.cause, '');
  });

  it('takes a crashed node out of those that are ready until it is healthy again', async () => {
    const { view, most } = await viewOf(3, { chaos: { preset: 'rolling-restart' } });
    assert.equal(view.ready, 3);
    assert.ok(most <= 3);
    assert.deepEqual(
      view.nodes.map(({ crashes, state }) => `${crashes} ${state}`),
      ['0 ready', '1 ready', '1 ready'],
    );
    assert.equal(view.faultsFired, 2);
    assert.equal(view.faultsHealed, 2);
  });

  it('does not count a node that got healthy after the deadline, while it was being stopped', () => {
    const view = newRunView(2);
    let seq = 0;
    const tell = (body: MeshEventBody) =>
      applyEvent(view, { ...body, seq: seq++, at: seq, simId: SIM_ID });
    const healthy = (nodeId: string) =>
      tell({ type: 'phase', nodeId, phase: 'healthy', status: 'ok' });

    tell({ type: 'run', status: 'started', startedAt: '2026-01-02T03:04:05.000Z' });
    healthy('n0');
    tell({ type: 'node', nodeId: 'n1', status: 'failed', details: 'n1 was not healthy in time.' });
    tell({ type: 'run', status: 'measuring' });
    healthy('n1');
    tell({ type: 'run', status: 'stopping' });
    healthy('n1');

    assert.equal(view.ready, 1);
    assert.deepEqual(
      view.nodes.map(({ state }) => state),
      ['ready', 'failed'],
    );
  });

  it('shows the first failure as the cause', async () => {
    const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];
    const { view } = await viewOf(3, { drift });
    assert.equal(view.nodes[1]?.state, 'halted');
    assert.match(view.cause, /n1 .*orders abcdef12/);
    assert.equal(view.ready, 2);
  });
});
