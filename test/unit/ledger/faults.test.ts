import assert from 'node:assert/strict';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { entryNumber } from '../../support/ledgerEntries.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { LOG_KEY } from '../../support/sealedRun.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

/** The lock is a real one and needs a folder; everything else is on the failing disk. */
async function ledgerOf(folder: string, files: MemoryFiles, size: number): Promise<Ledger> {
  const ledger = await Ledger.open(folder, LOG_KEY, files);
  for (let number = 0; number < size; number += 1) await ledger.append(entryNumber(number));
  return ledger;
}

describe('a ledger on a disk that fails', () => {
  // The 256th entry finishes a tile, and writes on two levels.
  for (const size of [0, 3, 255]) {
    for (const isTorn of [true, false]) {
      it(`is as it was when writing entry ${size} fails at any step (${isTorn ? 'torn' : 'missing'} files)`, () =>
        withTemporaryFolder(async (folder) => {
          const files = new MemoryFiles();
          files.isTorn = isTorn;
          const ledger = await ledgerOf(folder, files, size);
          const before = await ledger.checkpoint();
          for (let writes = 0; ; writes += 1) {
            files.writesLeft = writes;
            const failed = await ledger.append(entryNumber(size)).then(
              () => undefined,
              (error: unknown) => error as { code: string; message: string },
            );
            files.writesLeft = undefined;
            if (failed === undefined) break;
            assert.equal(failed.code, 'disk-failed');
            assert.match(failed.message, /disk is full/);
            assert.equal(await ledger.checkpoint(), before);
            assert.deepEqual((await (await Ledger.open(folder, LOG_KEY, files)).verify()).ok, true);
          }
          assert.equal(await ledger.size(), size + 1);
          assert.equal((await ledger.verify()).ok, true);
        }));
    }
  }

  it('ignores what a crash left behind beyond the checkpoint, and overwrites it', () =>
    withTemporaryFolder(async (folder) => {
      const files = new MemoryFiles();
      await ledgerOf(folder, files, 4);
      files.content.set('tile/entries/000.p/5', Buffer.from('half an ent'));
      files.content.set('tile/0/000.p/5', Buffer.alloc(7));
      const reopened = await Ledger.open(folder, LOG_KEY, files);
      assert.equal((await reopened.verify()).size, 4);
      await reopened.append(entryNumber(4));
      assert.deepEqual(
        (await reopened.entries()).map(({ entry }) => entry),
        [0, 1, 2, 3, 4].map(entryNumber),
      );
      assert.equal((await reopened.verify()).ok, true);
    }));
});
