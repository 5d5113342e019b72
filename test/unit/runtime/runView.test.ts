import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/model/plan.ts';
import { applyEvent, newRunView, type RunView } from '../../../src/model/runView.ts';
import { rehearse } from '../../support/virtualPlans.ts';

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

  it('shows the first failure as the cause', async () => {
    const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];
    const { view } = await viewOf(3, { drift });
    assert.equal(view.nodes[1]?.state, 'halted');
    assert.match(view.cause, /n1 .*orders abcdef12/);
    assert.equal(view.ready, 2);
  });
});
