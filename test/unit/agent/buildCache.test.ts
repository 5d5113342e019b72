import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BuildCache } from '../../../src/agent/services/buildCache.ts';
import { aboutResult } from '../../../src/capsule/aboutResult.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const KEY = 'a'.repeat(64);

describe('agent: results of builds', () => {
  let folder: string;
  let cache: BuildCache;
  const inside = (...names: string[]) => path.join(folder, ...names);
  const kept = (...names: string[]) => inside('cache', KEY, ...names);

  beforeEach(async () => {
    folder = await temporaryFolder();
    cache = new BuildCache(inside('cache'));
    await mkdir(inside('built/out'), { recursive: true });
    await mkdir(inside('target'));
    await writeFile(inside('built/signed.txt'), 'signed');
    await writeFile(inside('built/out/made.txt'), 'made');
    await symlink('../signed.txt', inside('built/out/link'));
    const signedPaths = ['signed.txt'];
    await cache.save(KEY, { service: 'web', folder: inside('built'), signedPaths });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are what a build added, links as they are, laid out beside what is signed', async () => {
    await writeFile(inside('target/signed.txt'), 'signed here');
    assert.ok(await cache.restore(KEY, inside('target')));
    assert.equal(await readFile(inside('target/out/made.txt'), 'utf8'), 'made');
    assert.equal(await readlink(inside('target/out/link')), '../signed.txt');
    assert.equal(await readFile(inside('target/signed.txt'), 'utf8'), 'signed here');
    const about = await aboutResult(kept());
    assert.deepEqual([about?.service, about?.bytes], ['web', 4]);
  });

  it('are not used when anything in them was altered, and are kept anew', async () => {
    await appendFile(kept('tree/out/made.txt'), '!');
    assert.equal(await cache.restore(KEY, inside('target')), false);
    const signedPaths = ['signed.txt'];
    await cache.save(KEY, { service: 'web', folder: inside('built'), signedPaths });
    assert.ok(await cache.restore(KEY, inside('target')));
  });

  it('are used after they were brought along from elsewhere, once every byte was compared', async () => {
    await writeFile(kept('stamp'), 'of another disk');
    assert.ok(await cache.has(KEY));
    assert.notEqual(await readFile(kept('stamp'), 'utf8'), 'of another disk');
  });

  it('never replace a file that is signed, whatever lies in the cache', async () => {
    await writeFile(kept('tree/signed.txt'), 'of somebody else');
    await writeFile(inside('target/signed.txt'), 'signed');
    await cache.restore(KEY, inside('target')).catch(() => undefined);
    assert.equal(await readFile(inside('target/signed.txt'), 'utf8'), 'signed');
  });

  it('are none where nothing was kept', async () => {
    assert.equal(await cache.restore('b'.repeat(64), inside('target')), false);
  });
});
