import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  IrregularFile,
  openRegular,
  readRegular,
  readRegularSync,
  readRegularUpTo,
  writeAfresh,
  writeAfreshSync,
} from '../../../src/base/regularFile.ts';
import { placeFifo, placeSocket } from '../../support/irregularFiles.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

const READERS: Readonly<Record<string, (file: string) => unknown>> = {
  readRegular,
  readRegularSync,
  readRegularUpTo: (file) => readRegularUpTo(file, 10),
};

/** What `read` throws, now or later. */
async function failureOf(read: () => unknown): Promise<unknown> {
  try {
    await read();
  } catch (error) {
    return error;
  }
  return assert.fail('should have failed');
}

describe('a file that others could have placed', function () {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  for (const [name, read] of Object.entries(READERS)) {
    it(`is read by ${name} when it is a regular file, through links too`, () =>
      withTemporaryFolder(async (folder) => {
        const file = path.join(folder, 'file');
        await writeFile(file, 'content');
        await symlink('file', path.join(folder, 'link'));
        assert.equal(String(await read(file)), 'content');
        assert.equal(String(await read(path.join(folder, 'link'))), 'content');
      }));

    it(`is refused by ${name} when it is a FIFO, a socket, a device or a link to one`, () =>
      withTemporaryFolder(async (folder) => {
        const file = (which: string) => path.join(folder, which);
        await placeFifo(file('fifo'));
        await placeSocket(file('socket'));
        await symlink('fifo', file('link'));
        for (const place of [file('fifo'), file('socket'), file('link'), '/dev/zero']) {
          const error = await failureOf(() => read(place));
          assert.ok(error instanceof IrregularFile, `${place}: ${String(error)}`);
          assert.match(error.message, /is a .*, not a regular file: remove it$/);
          assert.ok(error.message.startsWith(place));
        }
      }));

    it(`is reported by ${name} as the system does when it is missing or a folder`, () =>
      withTemporaryFolder(async (folder) => {
        const codeOf = async (place: string) =>
          ((await failureOf(() => read(place))) as NodeJS.ErrnoException).code;
        assert.equal(await codeOf(path.join(folder, 'none')), 'ENOENT');
        assert.equal(await codeOf(folder), 'EISDIR');
      }));
  }

  it('is read no further than asked for', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'file');
      await writeFile(file, 'x'.repeat(100_000));
      assert.equal((await readRegularUpTo(file, 9)).length, 10);
    }));

  it('is replaced when it is written, never written through', () =>
    withTemporaryFolder(async (folder) => {
      const others = path.join(folder, 'others');
      await writeFile(others, 'untouched');
      const writeAtOnce = (file: string, bytes: Uint8Array): Promise<void> => {
        writeAfreshSync(file, bytes);
        return Promise.resolve();
      };
      for (const write of [writeAfresh, writeAtOnce]) {
        const link = path.join(folder, 'link');
        await symlink('others', link);
        await write(link, Buffer.from('new'));
        const fifo = path.join(folder, 'fifo');
        await placeFifo(fifo);
        await write(fifo, Buffer.from('new'));
        for (const file of [link, fifo]) {
          assert.equal(await readFile(file, 'utf8'), 'new');
          assert.ok((await stat(file)).isFile());
          await rm(file);
        }
        assert.equal(readFileSync(others, 'utf8'), 'untouched');
      }
    }));

  it('is appended to only when it is a regular file', () =>
    withTemporaryFolder(async (folder) => {
      const fifo = path.join(folder, 'fifo');
      await placeFifo(fifo);
      await assert.rejects(openRegular(fifo, 'a'), IrregularFile);
      await mkdir(path.join(folder, 'folder'));
      await assert.rejects(openRegular(path.join(folder, 'folder'), 'a'), { code: 'EISDIR' });
    }));
});
