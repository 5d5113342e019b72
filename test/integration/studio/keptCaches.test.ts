import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listKept, pruneKept, type Kept } from '../../../src/studio/runs/keptCaches.ts';
import { whileOwned } from '../../../src/studio/runs/runLock.ts';
import { makeToolCache, toolCacheOf } from '../../../src/studio/runs/toolCache.ts';
import type { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { runPaths } from '../../../src/studio/workspace/workspacePaths.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { workspaceIn } from '../../support/workspace.ts';

const KEY = 'a'.repeat(64);
const RESULT_BYTES = 1_000;
const TOOL_BYTES = 300;
/** s since 1970: of the last use of the result, and of what tools keep. */
const TIMES = { result: 1_000, tools: 2_000 };

const namesOf = (kept: readonly Kept[]) =>
  kept.map((one) => ('key' in one ? (one.service ?? '') : one.tools.join(' ')));

describe('what builds leave for later ones', () => {
  let folder: string;
  let workspace: Workspace;

  beforeEach(async () => {
    folder = await temporaryFolder();
    workspace = await workspaceIn(folder, { MESH_SIM_CACHE: path.join(folder, 'cache') });
    const result = path.join(workspace.paths.buildCache, KEY);
    await mkdir(result, { recursive: true });
    const about = { service: 'web', bytes: RESULT_BYTES, builtAt: '2026-01-01T00:00:00.000Z' };
    await writeFile(path.join(result, 'about.json'), JSON.stringify(about));
    await utimes(result, TIMES.result, TIMES.result);
    const tools = await makeToolCache(workspace);
    await mkdir(path.join(tools, 'npm'));
    await mkdir(path.join(tools, 'go-mod'));
    await writeFile(path.join(tools, 'npm', 'index'), 'x'.repeat(TOOL_BYTES));
    await utimes(tools, TIMES.tools, TIMES.tools);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is listed with its size and last use, what tools keep as well', async () => {
    assert.deepEqual(await listKept(workspace), [
      {
        ...{ tools: ['go-mod', 'npm'], bytes: TOOL_BYTES },
        ...{ usedAt: TIMES.tools * 1_000, inUse: false },
      },
      {
        ...{ key: KEY, service: 'web', bytes: RESULT_BYTES },
        ...{ usedAt: TIMES.result * 1_000, inUse: false },
      },
    ]);
  });

  it('is used by each run that begins', async () => {
    await makeToolCache(workspace);
    const [tools] = await listKept(workspace);
    assert.ok((tools?.usedAt ?? 0) > TIMES.tools * 1_000);
  });

  it('is removed until all of it is within the limit, results before what tools keep', async () => {
    assert.deepEqual(namesOf(await pruneKept(workspace, RESULT_BYTES + TOOL_BYTES)), []);
    assert.deepEqual(namesOf(await pruneKept(workspace, RESULT_BYTES)), ['web']);
    assert.deepEqual(namesOf(await listKept(workspace)), ['go-mod npm']);
    assert.deepEqual(namesOf(await pruneKept(workspace, 0)), ['go-mod npm']);
    assert.equal(existsSync(toolCacheOf(workspace)), false);
    assert.deepEqual(await listKept(workspace), []);
  });

  it('loses no result to what tools keep that is too much by itself', async () => {
    const tools = path.join(toolCacheOf(workspace), 'npm', 'large');
    await writeFile(tools, 'x'.repeat(2 * RESULT_BYTES));
    assert.deepEqual(namesOf(await pruneKept(workspace, RESULT_BYTES)), ['go-mod npm']);
    assert.deepEqual(namesOf(await listKept(workspace)), ['web']);
  });

  it('stays while a run goes on, as far as it may use it', async () => {
    const run = runPaths(workspace.paths, 'c0ffee00-0000-4000-8000-000000000000');
    await whileOwned(run.folder, async () => {
      await writeFile(run.plan, '{}');
      assert.deepEqual(namesOf(await pruneKept(workspace, 0)), ['web']);
      const [tools] = await listKept(workspace);
      assert.equal(tools?.inUse, true);
    });
  });
});
