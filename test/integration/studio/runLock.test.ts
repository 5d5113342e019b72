import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { isUnderWay, lockRuns, whileOwned } from '../../../src/studio/runs/runLock.ts';
import { runPaths, workspacePaths } from '../../../src/studio/workspace/workspacePaths.ts';
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

  it('tells that a run is under way until it is sealed, also where its nodes are held up after that', async () => {
    const folder = await temporaryFolder();
    const paths = runPaths(workspacePaths(folder), 'held');
    await whileOwned(paths.folder, async () => {
      assert.equal(await isUnderWay(paths), true);
      await writeFile(paths.capsim, 'sealed');
      assert.equal(await isUnderWay(paths), false);
    });
    await rm(folder, { recursive: true });
  });
});
