import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LedgerIndex } from '../../../src/ledger/index.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { parseCheckpoint } from '../../../src/signing/checkpoint.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { provesInclusion } from '../../../src/signing/inclusionProof.ts';
import { entryNumber } from '../../support/ledgerEntries.ts';
import { LOG_KEY, filedPack, filedResult, keyNumber, sealedRun } from '../../support/sealedRun.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('the ledger', () => {
  it('keeps what was appended, in order, for whoever opens it next', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      const appended = [];
      for (let number = 0; number < 5; number += 1) {
        appended.push(await ledger.append(entryNumber(number)));
      }
      const reopened = await Ledger.open(folder, LOG_KEY);
      assert.deepEqual(await reopened.entries(), appended);
      assert.deepEqual(await reopened.entries(3), appended.slice(3));
      assert.deepEqual(
        appended.map(({ index }) => index),
        [0, 1, 2, 3, 4],
      );
    }));

  it('proves each entry under its newest checkpoint', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      await ledger.append(filedPack());
      const { index } = await ledger.append(filedResult(sealedRun()));
      await ledger.append(entryNumber(2));
      const proof = await ledger.prove(index);
      assert.ok(provesInclusion(proof, parseCheckpoint(proof.checkpoint)));
      assert.equal(proof.treeSize, 3);
      await assert.rejects(ledger.prove(3), { code: 'usage' });
    }));

  it('appends in turn when asked at once, through two objects', () =>
    withTemporaryFolder(async (folder) => {
      const first = await Ledger.open(folder, LOG_KEY);
      const second = await Ledger.open(folder, LOG_KEY);
      const all = Array.from({ length: 12 }, (_, number) =>
        (number % 2 === 0 ? first : second).append(entryNumber(number)),
      );
      const indices = (await Promise.all(all)).map(({ index }) => index);
      assert.deepEqual(
        [...indices].sort((a, b) => a - b),
        [...indices.keys()],
      );
      assert.equal((await first.verify()).size, 12);
    }));

  it('refuses an entry that is too large, and stays usable', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      const large = { ...entryNumber(0), planDigest: 'A'.repeat(70_000) };
      await assert.rejects(ledger.append(large), { code: 'usage', message: /65535/ });
      assert.equal((await ledger.append(entryNumber(0))).index, 0);
    }));

  it('is not opened with another key', () =>
    withTemporaryFolder(async (folder) => {
      await Ledger.open(folder, LOG_KEY);
      await assert.rejects(Ledger.open(folder, keyNumber(9)), { code: 'ledger-broken' });
    }));

  it('is not silently begun anew when its checkpoint is gone', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      await ledger.append(entryNumber(0));
      await ledger.append(entryNumber(1));
      await rm(path.join(folder, 'checkpoint'));
      await assert.rejects(Ledger.open(folder, LOG_KEY), {
        code: 'ledger-broken',
        message: /no checkpoint/,
      });
    }));

  it('does not append after its folder went back in time', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      await ledger.append(entryNumber(0));
      const old = await ledger.checkpoint();
      await ledger.append(entryNumber(1));
      await writeFile(path.join(folder, 'checkpoint'), old);
      await assert.rejects(ledger.append(entryNumber(2)), {
        code: 'ledger-broken',
        message: /went back/,
      });
    }));
});

describe('the ledger index', () => {
  const withIndex = (work: (ledger: Ledger, file: string) => Promise<void>) =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(path.join(folder, 'ledger'), LOG_KEY);
      for (let number = 0; number < 6; number += 1) await ledger.append(entryNumber(number));
      await work(ledger, path.join(folder, 'index.json'));
    });

  it('finds the entries of a run and of a Capsule', () =>
    withIndex(async (ledger, file) => {
      const { capsuleHash } = entryNumber(1);
      const index = await LedgerIndex.open(file, ledger);
      assert.deepEqual(
        index.rowsOfCapsule(capsuleHash).map((row) => row.index),
        [1, 4],
      );
      assert.deepEqual(
        index.rowsOfRun('7b0c1f6e-2b9f-4a51-9d3e-000000000004').map((row) => row.index),
        [4],
      );
      assert.deepEqual(index.capsuleHashes(''), [], 'nothing was packed');
    }));

  it('takes in what another process appended', () =>
    withIndex(async (ledger, file) => {
      const index = await LedgerIndex.open(file, ledger);
      await ledger.append(entryNumber(6));
      await index.refresh();
      assert.equal(index.rows().length, 7);
      assert.equal((await LedgerIndex.open(file, ledger)).rows().length, 7);
    }));

  for (const [name, content] of [
    ['garbled', '{"version":1,"rows":[{'],
    ['of another shape', '{"version":1,"rows":[{"index":3}]}'],
    ['empty', ''],
  ] as const) {
    it(`is rebuilt when its file is ${name}`, () =>
      withIndex(async (ledger, file) => {
        const fresh = await LedgerIndex.open(file, ledger);
        await writeFile(file, content);
        assert.deepEqual((await LedgerIndex.open(file, ledger)).rows(), fresh.rows());
      }));
  }

  it('is rebuilt when one digit in the middle of its file changed', () =>
    withIndex(async (ledger, file) => {
      const fresh = (await LedgerIndex.open(file, ledger)).rows();
      const hash = fresh[2]?.capsuleHash ?? '';
      const changed = hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
      await writeFile(file, (await readFile(file, 'utf8')).replace(hash, changed));
      assert.deepEqual((await LedgerIndex.open(file, ledger)).rows(), fresh);
    }));

  it('is rebuilt when its file belongs to another ledger', () =>
    withIndex(async (ledger, file) => {
      const fresh = (await LedgerIndex.open(file, ledger)).rows();
      const foreign = fresh.map((row) => ({ ...row, leafHash: '00'.repeat(32) }));
      const digest = sha256Hex(Buffer.from(JSON.stringify(foreign)));
      await writeFile(file, JSON.stringify({ version: 2, rows: foreign, digest }));
      assert.deepEqual((await LedgerIndex.open(file, ledger)).rows(), fresh);
    }));
});
