import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_ARCHIVE_LIMITS } from '../../../src/capsule/archiveLimits.ts';
import { inArchiveOrder } from '../../../src/capsule/archiveOrder.ts';
import { archiveEntries } from '../../../src/capsule/archiveReader.ts';
import { ByteReader } from '../../../src/capsule/byteReader.ts';
import type { ArchiveEntry } from '../../../src/capsule/tarHeader.ts';
import { archiveOf, fileOf as file, linkOf as link } from '../../support/archives.ts';
import type { ArchiveFile } from '../../support/archives.ts';

async function readAll(archive: Uint8Array, pieceBytes = 1000): Promise<ArchiveFile[]> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < archive.length; at += pieceBytes)
    pieces.push(archive.subarray(at, at + pieceBytes));
  const files: ArchiveFile[] = [];
  for await (const { entry, content } of archiveEntries(
    new ByteReader(pieces),
    DEFAULT_ARCHIVE_LIMITS,
  )) {
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(Buffer.from(part));
    files.push({
      path: entry.path,
      kind: entry.kind,
      content: Buffer.concat(parts).toString(),
      target: entry.target,
    });
  }
  return files;
}

describe('archive', () => {
  it('reads back files, executables, links, empty files and long names', async () => {
    const files = inArchiveOrder([
      file('a.txt', 'hello'),
      { ...file('bin/run', '#!'), kind: 'executable' as const },
      file('empty'),
      file(`${'long/'.repeat(25)}name-é`, 'x'.repeat(512)),
      link('link', 'a.txt'),
      link('to-long', `${'long/'.repeat(25)}name-é`),
    ]);
    assert.deepEqual(await readAll(archiveOf(files)), files);
  });

  it('reads what it wrote, for any tree, however the bytes are cut', async () => {
    // No name of a Windows device, which is refused, begins like this.
    const name = fc.stringMatching(/^[bde][a-z0-9é_-]{0,60}$/);
    const path = fc
      .array(name, { minLength: 1, maxLength: 4 })
      .map((parts) => `${parts.join('/')}.f`);
    const trees = fc.uniqueArray(fc.record({ path, content: fc.string({ maxLength: 1500 }) }), {
      selector: (one) => one.path.toLowerCase(),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(trees, fc.integer({ min: 1, max: 3000 }), async (tree, pieceBytes) => {
        const files = inArchiveOrder(tree.map(({ path: at, content }) => file(at, content)));
        fc.pre(
          new Set(files.map((one) => one.path.toLowerCase().split('/')[0])).size === files.length,
        );
        assert.deepEqual(await readAll(archiveOf(files), pieceBytes), files);
      }),
      { numRuns: 60 },
    );
  });

  const good = archiveOf([
    file('a', 'hello'),
    file(`${'d/'.repeat(60)}x`.slice(-31), 'y'),
    link('z', 'a'),
  ]);

  it('refuses an archive after any change outside file contents', async () => {
    const survivors: number[] = [];
    const contents = [
      [512, 517],
      [1536, 1537],
    ] as const;
    const samples = new Set(
      Array.from({ length: good.length }, (_, at) => at).filter((at) => at % 3 === 0),
    );
    for (const at of samples) {
      if (contents.some(([from, to]) => at >= from && at < to)) continue;
      const changed = Buffer.from(good);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const read = await readAll(changed).catch(() => undefined);
      if (read !== undefined) survivors.push(at);
    }
    // A changed name with a checksum that no longer fits must never be read: nothing at all may survive.
    assert.deepEqual(survivors, []);
  });

  it('bounds the number of entries and the size of one', async () => {
    const tight = { ...DEFAULT_ARCHIVE_LIMITS, maxEntries: 1, maxBytes: 3 };
    const drain = async (bytes: Uint8Array) => {
      const seen: ArchiveEntry[] = [];
      for await (const { entry } of archiveEntries(new ByteReader([bytes]), tight))
        seen.push(entry);
      return seen;
    };
    assert.equal((await drain(archiveOf([file('a')]))).length, 1);
    await assert.rejects(drain(archiveOf([file('a'), file('b')])), /more than 1 entries/);
    await assert.rejects(drain(archiveOf([file('a', 'four')])), /above 3 bytes/);
  });
});
