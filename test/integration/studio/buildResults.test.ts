import assert from 'node:assert/strict';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  buildLimit,
  listBuildResults,
  pruneBuildResults,
} from '../../../src/studio/runs/buildResults.ts';
import { whileOwned } from '../../../src/studio/runs/runLock.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { workspaceIn } from '../../support/workspace.ts';

const SIM_ID = 'c0ffee00-0000-4000-8000-000000000000';
const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);
/** Of the use of OLD and NEW, and of a plan between the two; s since 1970. */
const TIMES = { old: 1_000, plan: 2_000, new: 3_000 };

describe('kept results of builds', () => {
  let folder: string;
  let workspace: Workspace;
  const keysIn = async () => (await listBuildResults(workspace)).map(({ key }) => key);

  async function keep(key: string, service: string, usedAt: number): Promise<void> {
    const result = path.join(workspace.paths.buildCache, key);
    await mkdir(path.join(result, 'tree'), { recursive: true });
    const about = { service, bytes: 1_000, builtAt: '2026-01-01T00:00:00.000Z' };
    await writeFile(path.join(result, 'about.json'), JSON.stringify(about));
    await utimes(result, usedAt, usedAt);
  }

  beforeEach(async () => {
    folder = await temporaryFolder();
    workspace = await workspaceIn(folder, {});
    await keep(OLD, 'web', TIMES.old);
    await keep(NEW, 'api', TIMES.new);
    await mkdir(path.join(workspace.paths.buildCache, 'other'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are listed by their last use, and nothing else of the folder is', async () => {
    const listed = await listBuildResults(workspace);
    assert.deepEqual(
      listed.map(({ service, bytes, inUse }) => [service, bytes, inUse]),
      [
        ['api', 1_000, false],
        ['web', 1_000, false],
      ],
    );
  });

  it('are removed until the rest is within the limit, those used longest ago first', async () => {
    const removed = await pruneBuildResults(workspace, 1_500);
    assert.deepEqual(
      removed.map(({ service }) => service),
      ['web'],
    );
    assert.deepEqual(await keysIn(), [NEW]);
    await pruneBuildResults(workspace, 0);
    assert.deepEqual(await keysIn(), []);
  });

  it('stay when a run that goes on has used them, whatever the limit', async () => {
    const run = runPaths(workspace.paths, SIM_ID);
    await whileOwned(run.folder, async () => {
      await writeFile(run.plan, '{}');
      await utimes(run.plan, TIMES.plan, TIMES.plan);
      await pruneBuildResults(workspace, 0);
      assert.deepEqual(await keysIn(), [NEW]);
    });
  });

  it('have a limit that can be chosen, and a wrong one is named', () => {
    assert.equal(buildLimit({}), 10e9);
    assert.equal(buildLimit({ MESH_SIM_BUILD_LIMIT: '2.5 GB' }), 2.5e9);
    assert.throws(() => buildLimit({ MESH_SIM_BUILD_LIMIT: 'much' }), {
      code: 'usage',
      message: /MESH_SIM_BUILD_LIMIT is "much": write a size such as 500MB or 20GB/,
    });
  });
});
