import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inArchiveOrder } from '../../../src/capsule/archiveOrder.ts';
import { treeDigestOnDisk } from '../../../src/capsule/treeDigest.ts';
import { unpackArchive } from '../../../src/capsule/unpack.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { archiveOf, fileOf, linkOf } from '../../support/archives.ts';
import { sentenceOf } from '../../support/rejection.ts';

const TREE = inArchiveOrder([
  fileOf('server.mjs', 'listen()'),
  { ...fileOf('bin/start', '#!/bin/sh\n'), kind: 'executable' as const },
  fileOf('data/berths.csv', 'x'.repeat(3000)),
  fileOf('data/empty'),
  fileOf(`data/${'n'.repeat(120)}`, 'long'),
  linkOf('current', 'data/berths.csv'),
  linkOf('data/up', '..'),
]);
const ARCHIVE = archiveOf(TREE);
const SIGNED = { digest: sha256Hex(ARCHIVE), size: ARCHIVE.length };

describe('unpacking', () => {
  let folder: string;
  let target: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
    target = path.join(folder, 'orders');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const unpack = (archive: Uint8Array = ARCHIVE, signed = SIGNED) =>
    unpackArchive({
      chunks: [archive.subarray(0, 700), archive.subarray(700)],
      archive: signed,
      target,
    });

  it('rebuilds files, modes and links, and names what it made', async () => {
    const before = process.umask(0o077);
    const paths = await unpack().finally(() => process.umask(before));
    assert.deepEqual(
      paths,
      TREE.map((entry) => entry.path),
    );
    assert.equal(await readFile(path.join(target, 'server.mjs'), 'utf8'), 'listen()');
    assert.equal(await readlink(path.join(target, 'current')), 'data/berths.csv');
    const modes = await Promise.all(
      ['server.mjs', 'bin/start'].map((name) => lstat(path.join(target, name))),
    );
    if (process.platform !== 'win32')
      assert.deepEqual(
        modes.map(({ mode }) => mode & 0o777),
        [0o644, 0o755],
      );
  });

  it('shows nothing when the digest is not the signed one', async () => {
    const changed = Buffer.from(ARCHIVE);
    const at = changed.indexOf('listen()');
    changed.write('L', at);
    assert.match(await sentenceOf('capsule-unsafe', unpack(changed)), new RegExp(SIGNED.digest));
    assert.deepEqual(await readdir(folder), []);
  });

  it('shows nothing when the archive is cut off, too long or above the limit', async () => {
    assert.match(await sentenceOf('capsule-unsafe', unpack(ARCHIVE.subarray(0, 2000))), /cut off/);
    const longer = Buffer.concat([ARCHIVE, new Uint8Array(512)]);
    assert.match(await sentenceOf('capsule-unsafe', unpack(longer)), /longer than its signed/);
    const limits = { maxBytes: 1000 };
    const limited = unpackArchive({ chunks: [ARCHIVE], archive: SIGNED, target, limits });
    assert.match(await sentenceOf('capsule-unsafe', limited), /above the limit/);
    assert.deepEqual(await readdir(folder), []);
  });

  it('shows nothing when its source fails', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- unpacking reads async streams
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield ARCHIVE.subarray(0, 3000);
      throw new Error('the store went away');
    }
    await assert.rejects(
      unpackArchive({ chunks: failing(), archive: SIGNED, target }),
      /went away/,
    );
    assert.deepEqual(await readdir(folder), []);
  });

  it('never touches what lies at the target already', async () => {
    await mkdir(target);
    await writeFile(path.join(target, 'mine'), 'keep');
    await sentenceOf('disk-failed', unpack());
    assert.deepEqual(await readdir(folder, { recursive: true }), [
      'orders',
      path.join('orders', 'mine'),
    ]);
  });

  it('unpacks an empty tree to an empty folder', async () => {
    const empty = archiveOf([]);
    await unpack(empty, { digest: sha256Hex(empty), size: empty.length });
    assert.deepEqual(await readdir(target), []);
  });

  describe('the digest of a tree on disk', () => {
    let paths: string[];
    beforeEach(async () => {
      paths = await unpack();
    });

    it('is the signed digest while nothing was changed', async () => {
      assert.equal(await treeDigestOnDisk(target), SIGNED.digest);
      assert.equal(await treeDigestOnDisk(target, paths), SIGNED.digest);
    });

    const changes: Record<string, () => Promise<unknown>> = {
      'a changed file': () => writeFile(path.join(target, 'server.mjs'), 'listen!!'),
      'a removed file': () => unlink(path.join(target, 'data/empty')),
      'another mode': () => chmod(path.join(target, 'server.mjs'), 0o755),
      'a link instead of a file': async () => {
        await unlink(path.join(target, 'server.mjs'));
        await symlink('current', path.join(target, 'server.mjs'));
      },
      'a link that points elsewhere': async () => {
        await unlink(path.join(target, 'current'));
        await symlink('server.mjs', path.join(target, 'current'));
      },
      'a folder that became a link to the same files': async () => {
        await rm(path.join(target, 'bin'), { recursive: true });
        await mkdir(path.join(folder, 'other'));
        await writeFile(path.join(folder, 'other/start'), '#!/bin/sh\n', { mode: 0o755 });
        await symlink(path.join(folder, 'other'), path.join(target, 'bin'));
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`differs after ${what}`, async function () {
        if (process.platform === 'win32') this.skip();
        await change();
        assert.notEqual(await treeDigestOnDisk(target), SIGNED.digest);
        assert.notEqual(await treeDigestOnDisk(target, paths), SIGNED.digest);
      });
    }

    it('does not count what a build added, unless all files are asked for', async () => {
      await mkdir(path.join(target, 'dist'));
      await writeFile(path.join(target, 'dist/out.json'), '{}');
      assert.equal(await treeDigestOnDisk(target, paths), SIGNED.digest);
      assert.notEqual(await treeDigestOnDisk(target), SIGNED.digest);
    });
  });
});
