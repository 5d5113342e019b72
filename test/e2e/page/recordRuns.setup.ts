import { writeFile } from 'node:fs/promises';
import type { StartRequest } from '../../../src/model/api.ts';
import { commitChange } from '../../support/harborPay.ts';
import { copyWorkspace, type StudioCommand } from '../../support/studioCommand.ts';
import { callsTo } from './studioCalls.ts';
import { RECORDED_WORKSPACE, type RecordedRuns } from './recordedRuns.ts';
import { test } from './studioPage.ts';

test('runs are recorded for all tests that look at some', async ({ studioCommand }) => {
  const runs = await recordRuns(studioCommand);
  await copyWorkspace(studioCommand, RECORDED_WORKSPACE);
  await writeFile(RECORDED_WORKSPACE.runsFile, JSON.stringify(runs));
});

async function recordRuns(studio: StudioCommand): Promise<RecordedRuns> {
  const call = callsTo(studio.url);
  const { capsules } = await call<{ capsules: { capsuleHash: string }[] }>('/api/capsules');
  const capsuleHash = capsules[0]?.capsuleHash ?? '';
  const params = { nodes: 3, latencyMs: [20, 60] as [number, number] };
  const commit = await commitChange(studio, 'services/orders/drift.txt', 'another content');
  const run = async (request: Partial<StartRequest>): Promise<string> => {
    const body = JSON.stringify({ capsuleHash, params, ...request });
    const { simId } = await call<{ simId: string }>('/api/mesh-sim/start', body);
    await call('/api/mesh-sim/record', JSON.stringify({ simId }));
    return simId;
  };
  return {
    baseline: await run({ seed: 1, params: { ...params, nodes: 2 } }),
    passed: await run({ seed: 2, chaos: { preset: 'crash-mid-deploy' } }),
    drifted: await run({ seed: 3, drift: [{ node: 'n2', service: 'orders', commit }] }),
  };
}
