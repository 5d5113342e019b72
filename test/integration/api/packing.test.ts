import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { packedSchema, problemSchema, workspaceStateSchema } from '../../../src/model/api.ts';
import { commitAll } from '../../support/harborPay.ts';
import { createStudioServer, type StudioServer } from '../../support/studioServer.ts';
import { sweepOf } from '../../support/sweep.ts';

const FOLDERS = sweepOf(50, 20);
const FILES = 100;

describe('packing through the API', () => {
  let studio: StudioServer;
  const searchPath = process.env.PATH;
  beforeEach(async () => {
    studio = await createStudioServer();
  });
  afterEach(async () => {
    process.env.PATH = searchPath;
    await studio.dispose();
  });

  async function refused(code: string, body: object = {}): Promise<string> {
    const response = await studio.post('/api/capsules', body);
    const problem = problemSchema.parse(await response.json());
    assert.deepEqual([response.status, problem.code], [422, code], problem.detail);
    assert.match(problem.detail, /^[^\n]+\.$/, 'one sentence');
    assert.equal(studio.studio.workspace.hasLedger(), false, 'nothing was recorded');
    return problem.detail;
  }

  it('says in one sentence what is wrong with the workspace', async () => {
    const registry = path.join(studio.folder, 'mesh.services.json');
    await writeFile(path.join(studio.folder, 'web', 'server.mjs'), 'changed');
    assert.match(await refused('dirty-tree'), /web\/server\.mjs/);
    assert.match(await refused('path-outside', { registry: '../elsewhere.json' }), /outside/);

    await rm(path.join(studio.folder, '.git'), { recursive: true });
    const state = await (await studio.call('/api/workspace')).json();
    assert.equal(workspaceStateSchema.parse(state).hasGit, false);
    assert.match(await refused('not-a-repository'), /git init/);

    await writeFile(registry, '{"name": "tiny", "services": [');
    assert.match(await refused('registry-invalid'), /mesh\.services\.json/);
    await rm(registry);
    assert.match(await refused('registry-invalid'), /mesh\.services\.json/);
  });

  it('says so when there is no git on the machine', async () => {
    process.env.PATH = studio.folder;
    assert.match(await refused('git-failed'), /install it/);
  });

  it('goes on answering while it packs thousands of files', async () => {
    for (let folder = 0; folder < FOLDERS; folder += 1) {
      const inside = path.join(studio.folder, 'web', `part-${folder}`);
      await mkdir(inside);
      const names = Array.from({ length: FILES }, (_, at) => path.join(inside, `file-${at}.txt`));
      await Promise.all(names.map((name) => writeFile(name, `${name}\n`.repeat(40))));
    }
    await commitAll(studio.folder);
    const packed = studio.post('/api/capsules', {}).then((response) => response.json());
    const done = Symbol('done');
    const isPacking = async (): Promise<boolean> =>
      (await Promise.race([packed.then(() => done), new Promise(setImmediate)])) !== done;
    let answers = 0;
    while (await isPacking()) {
      assert.equal((await studio.call('/api/health')).status, 200);
      answers += 1;
    }
    assert.ok(packedSchema.parse(await packed).bytes > FOLDERS * FILES * 512);
    assert.ok(answers > 20, `${answers} answers in between`);
  });
});
