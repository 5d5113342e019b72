import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { lockRuns } from '../../../src/studio/runs/runLock.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';

describe('the lock on runs of a workspace', () => {
  it('names the run that holds it, and is free again once that run is over', async () => {
    const folder = await temporaryFolder();
    const release = await lockRuns(folder, 'first');
    assert.match(await sentenceOf('run-busy', lockRuns(folder, 'second')), /Simulation first/);
    await release();
    await (
      await lockRuns(folder, 'third')
    )();
    await rm(folder, { recursive: true });
  });
});
