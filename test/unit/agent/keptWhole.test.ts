import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BuildCache } from '../../../src/agent/services/buildCache.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const KEY = 'a'.repeat(64);
/** As many as cp(1) is not through with before somebody sees the first one. */
const FILES = 1_000;
const MODULE = pathToFileURL(
  path.join(import.meta.dirname, '../../../src/agent/services/buildCache.ts'),
).href;

/** As an agent does that has built. */
const SAVING = `
import { BuildCache } from ${JSON.stringify(MODULE)};
const [cache, folder] = process.argv.slice(1);
await new BuildCache(cache).save('${KEY}', { service: 'web', folder, signedPaths: [] });
`;

describe('agent: a result of a build whose agent is killed while it is kept', () => {
  let folder: string;
  const inside = (...names: string[]) => path.join(folder, ...names);
  const entriesOf = (...names: string[]) => readdir(inside(...names)).catch(() => []);

  beforeEach(async () => {
    folder = await temporaryFolder();
    await mkdir(inside('built'));
    await mkdir(inside('target'));
    await mkdir(inside('cache'));
    for (let file = 0; file < FILES; file += 1) await writeFile(inside('built', `${file}`), 'x');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Kills whoever keeps it, and the cp(1) it has started, once `isTime` of the folder that is being written. */
  async function killWhileKeeping(isTime: (entries: readonly string[]) => Promise<boolean>) {
    const args = ['--input-type=module', '--eval', SAVING, inside('cache'), inside('built')];
    const saving = spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
    const ended = once(saving, 'exit');
    for (;;) {
      const [writing] = await entriesOf('cache');
      if (
        saving.exitCode !== null ||
        (writing !== undefined && (await isTime(await entriesOf('cache', writing))))
      )
        break;
    }
    if (saving.pid !== undefined && saving.exitCode === null) process.kill(-saving.pid, 'SIGKILL');
    await ended;
  }

  async function usedWhole(): Promise<void> {
    const cache = new BuildCache(inside('cache'));
    if (!(await cache.restore(KEY, inside('target')))) {
      assert.deepEqual(await entriesOf('target'), []);
      await cache.save(KEY, { service: 'web', folder: inside('built'), signedPaths: [] });
      assert.ok(await cache.restore(KEY, inside('target')));
    }
    assert.equal((await entriesOf('target')).length, FILES);
  }

  it('is none while its files are copied, and is kept by the next one', async () => {
    await killWhileKeeping(async (entries) => {
      if (!entries.includes('tree')) return false;
      const [writing = ''] = await entriesOf('cache');
      return (await entriesOf('cache', writing, 'tree')).length > 0;
    });
    assert.equal(await new BuildCache(inside('cache')).has(KEY), false);
    await usedWhole();
  });

  it('is none or whole when its digest is there already', async () => {
    await killWhileKeeping((entries) => Promise.resolve(entries.includes('sha256')));
    await usedWhole();
  });
});
