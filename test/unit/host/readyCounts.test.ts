import assert from 'node:assert/strict';
import { readyCounts } from '../../../src/host/readyCounts.ts';
import { planSchema } from '../../../src/model/plan.ts';
import { RunBuffer } from '../../../src/studio/runs/runBuffer.ts';

const SIM_ID = '0b8f8f5e-7c1d-4c38-9a55-6a1d6f5c2e11';

function twoNodes() {
  const plan = planSchema.parse({ capsuleHash: '5'.repeat(64), params: { nodes: 2 } });
  const buffer = new RunBuffer({ simId: SIM_ID, plan, product: 'test' });
  let seq = 0;
  const healthy = (nodeId: string) =>
    buffer.push({
      ...{ seq: seq++, at: seq, simId: SIM_ID, nodeId },
      ...{ type: 'phase', phase: 'healthy', status: 'ok' },
    });
  const end = () => buffer.finish({ simId: SIM_ID, outcome: 'pass', sentence: '' });
  return { buffer, healthy, end };
}

describe('the count of READY nodes', () => {
  it('is told at the start, at each change and until the end', async () => {
    const { buffer, healthy, end } = twoNodes();
    const told: string[] = [];

    for await (const { ready, nodes } of readyCounts(buffer, new AbortController().signal)) {
      told.push(`${ready}/${nodes}`);
      if (ready < 2) healthy(`n${ready}`);
      else end();
    }

    assert.deepEqual(told, ['0/2', '1/2', '2/2']);
  });

  it('ends when nobody wants it any more', async () => {
    const { buffer } = twoNodes();
    const controller = new AbortController();

    const counts = readyCounts(buffer, controller.signal);

    assert.equal((await counts.next()).done, false);
    controller.abort();
    assert.equal((await counts.next()).done, true);
  });
});
