import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
  mkdir,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { writeSynced } from '../../../src/capsule/objectFile.ts';
import { MAX_OBJECT_BYTES, ObjectStore } from '../../../src/capsule/objectStore.ts';
import { sentenceOf } from '../../support/rejection.ts';

const HELLO = Buffer.from('hello, harbour\n'.repeat(100));
const HELLO_DIGEST = createHash('sha256').update(HELLO).digest('hex');

describe('object store', () => {
  let folder: string;
  let store: ObjectStore;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
    store = new ObjectStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function filesLeft(): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  it('gives back what was put, under the digest of the plain bytes', async () => {
    assert.equal(await store.put(HELLO), HELLO_DIGEST);
    assert.equal(await store.has(HELLO_DIGEST), true);
    assert.deepEqual(Buffer.from(await store.get(HELLO_DIGEST)), HELLO);
    assert.ok((await stat(store.pathOf(HELLO_DIGEST))).size < HELLO.length / 2);
  });

  it('stores empty and incompressible objects too', async () => {
    const noise = createHash('shake256', { outputLength: 300_000 }).update('noise').digest();
    for (const bytes of [new Uint8Array(0), noise]) {
      assert.deepEqual(Buffer.from(await store.get(await store.put(bytes))), Buffer.from(bytes));
    }
  });

  it('keeps one file however many writers put the same bytes at once', async () => {
    const writers = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? store : new ObjectStore(folder)).put(HELLO),
    );
    assert.deepEqual(new Set(await Promise.all(writers)), new Set([HELLO_DIGEST]));
    assert.deepEqual(await filesLeft(), [HELLO_DIGEST.slice(2)]);
  });

  it('says which object is missing', async () => {
    assert.equal(await store.has(HELLO_DIGEST), false);
    assert.ok((await sentenceOf('object-missing', store.get(HELLO_DIGEST))).includes(HELLO_DIGEST));
  });

  it('takes no path for a digest', async () => {
    await sentenceOf('object-missing', store.get('../../etc/passwd'));
  });

  it('notices every kind of damage', async () => {
    await store.put(HELLO);
    const file = store.pathOf(HELLO_DIGEST);
    const intact = await readFile(file);
    const flipped = Uint8Array.from(intact, (byte, index) => (index === 20 ? byte ^ 1 : byte));
    const damages = [flipped, intact.subarray(0, 30), new Uint8Array(0), HELLO];
    for (const damaged of damages) {
      await writeFile(file, damaged);
      await sentenceOf('object-corrupt', store.get(HELLO_DIGEST));
    }
  });

  it('repairs a damaged object when it is put again', async () => {
    await store.put(HELLO);
    await truncate(store.pathOf(HELLO_DIGEST), 10);
    await store.put(HELLO);
    assert.deepEqual(Buffer.from(await store.get(HELLO_DIGEST)), HELLO);
  });

  it('stops a decompression bomb at the limit', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(MAX_OBJECT_BYTES + 1));
    await mkdir(path.dirname(store.pathOf(HELLO_DIGEST)), { recursive: true });
    await writeFile(store.pathOf(HELLO_DIGEST), bomb);
    await sentenceOf('object-corrupt', store.get(HELLO_DIGEST));
  });

  it('stores again after somebody removed its folder', async () => {
    await store.put(Buffer.from('before'));
    await rm(store.folder, { recursive: true });
    const digest = await store.put(Buffer.from('after'));
    assert.equal(Buffer.from(await store.get(digest)).toString(), 'after');
  });

  it('leaves nothing half-written when the disk is full', async () => {
    const full = new ObjectStore(folder, {
      write: async (file, bytes) => {
        await writeSynced(file, bytes.subarray(0, 7));
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
          code: 'ENOSPC',
        });
      },
    });
    assert.match(await sentenceOf('disk-failed', full.put(HELLO)), /free some space/);
    assert.deepEqual(await filesLeft(), []);
    assert.equal(await store.has(HELLO_DIGEST), false);
  });

  it('removes what a killed writer left, and nothing a living one is writing', async () => {
    const temporary = path.join(folder, 'tmp');
    await mkdir(temporary);
    for (const name of ['abandoned', 'living']) await writeFile(path.join(temporary, name), 'x');
    const AN_HOUR_AGO = Date.now() / 1000 - 3600;
    await utimes(path.join(temporary, 'abandoned'), AN_HOUR_AGO, AN_HOUR_AGO);
    await store.put(HELLO);
    assert.deepEqual(await readdir(temporary), ['living']);
  });
});
