import assert from 'node:assert/strict';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { CHECKPOINT } from '../../../src/ledger/tilePath.ts';
import { entryNumber } from '../../support/ledgerEntries.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { LOG_KEY } from '../../support/sealedRun.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

/** What is written, by name, in its order. */
class WatchedFiles extends MemoryFiles {
  readonly written: string[] = [];

  override create(name: string, bytes: Uint8Array): Promise<void> {
    this.written.push(name);
    return super.create(name, bytes);
  }

  override replace(name: string, bytes: Uint8Array): Promise<void> {
    this.written.push(name);
    return super.replace(name, bytes);
  }
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + at);

describe('entries that are appended at the same time', () => {
  it('are made durable together: one checkpoint, and no tile that the next entry replaces', () =>
    withTemporaryFolder(async (folder) => {
      const files = new WatchedFiles();
      const ledger = await Ledger.open(folder, LOG_KEY, files);
      for (const number of numbers(0, 250)) await ledger.append(entryNumber(number));
      files.written.length = 0;
      const appended = await Promise.all(
        numbers(250, 20).map((number) => ledger.append(entryNumber(number))),
      );
      assert.deepEqual(
        appended.map(({ index }) => index),
        numbers(250, 20),
      );
      assert.deepEqual([...files.written].sort(), [
        CHECKPOINT,
        'tile/0/000',
        'tile/0/001.p/14',
        'tile/1/000.p/1',
        'tile/entries/000',
        'tile/entries/001.p/14',
      ]);
      assert.equal(files.written.at(-1), CHECKPOINT);
      assert.equal(await files.exists('tile/0/000.p'), false);
      const reopened = await Ledger.open(folder, LOG_KEY, files);
      assert.deepEqual(
        (await reopened.entries()).map(({ entry }) => entry),
        numbers(0, 270).map(entryNumber),
      );
      assert.equal((await reopened.verify()).ok, true);
    }));

  it('are refused one by one: the others are there, and the same body is there once', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY, new MemoryFiles());
      const settled = await Promise.allSettled(
        [0, 1, 1, 2].map((number) => ledger.append(entryNumber(number))),
      );
      assert.deepEqual(
        settled.map((one) =>
          one.status === 'fulfilled' ? one.value.index : (one.reason as { code: string }).code,
        ),
        [0, 1, 'ledger-refused', 2],
      );
      assert.equal((await ledger.verify()).ok, true);
    }));

  it('are all not there when the disk fails, at whatever step, and can be appended again', () =>
    withTemporaryFolder(async (folder) => {
      const files = new MemoryFiles();
      const ledger = await Ledger.open(folder, LOG_KEY, files);
      for (const number of numbers(0, 254)) await ledger.append(entryNumber(number));
      const before = await ledger.checkpoint();
      for (let writes = 0; ; writes += 1) {
        files.writesLeft = writes;
        const settled = await Promise.allSettled(
          numbers(254, 4).map((number) => ledger.append(entryNumber(number))),
        );
        files.writesLeft = undefined;
        if (settled.every(({ status }) => status === 'fulfilled')) break;
        for (const one of settled) {
          assert.equal(
            one.status === 'rejected' && (one.reason as { code: string }).code,
            'disk-failed',
          );
        }
        assert.equal(await ledger.checkpoint(), before);
      }
      assert.equal(await ledger.size(), 258);
      assert.equal((await ledger.verify()).ok, true);
    }));
});
