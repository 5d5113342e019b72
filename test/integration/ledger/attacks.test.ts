import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LedgerAudit } from '../../../src/ledger/audit.ts';
import { framed, leavesOf } from '../../../src/ledger/entryBundle.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { leafBytes } from '../../../src/signing/ledgerLeaf.ts';
import { leafHash } from '../../../src/signing/merkle.ts';
import { entryNumber } from '../../support/ledgerEntries.ts';
import {
  CAPSULE_BYTES,
  CAPSULE_HASH,
  CAPSULE_KEY,
  LOG_KEY,
  entryFor,
  filedPack,
  filedResult,
  keyNumber,
  packEnvelopeBy,
  sealedRun,
} from '../../support/sealedRun.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

const SIZE = 8;
const BUNDLE = `tile/entries/000.p/${SIZE}`;
const HASHES = `tile/0/000.p/${SIZE}`;

/** An attacker who can write to the ledger's folder but does not hold the log key. */
interface Attack {
  readonly folder: string;
  /** The checkpoint when the ledger had 5 entries, as an exported .capsim carries it. */
  readonly earlier: string;
  readonly rewriteLeaves: (
    change: (leaves: Uint8Array[]) => Uint8Array[],
    fixHashes?: boolean,
  ) => Promise<void>;
}

async function attacked(strike: (attack: Attack) => Promise<void>): Promise<LedgerAudit[]> {
  return withTemporaryFolder(async (folder) => {
    const ledger = await Ledger.open(folder, LOG_KEY);
    let earlier = '';
    for (let number = 0; number < SIZE; number += 1) {
      await ledger.append(entryNumber(number));
      if (number === 4) earlier = await ledger.checkpoint();
    }
    assert.equal((await ledger.verify({ since: earlier })).ok, true, 'before the attack');
    await strike({
      folder,
      earlier,
      rewriteLeaves: async (change, fixHashes = false) => {
        const leaves = change(leavesOf(await readFile(path.join(folder, BUNDLE)), SIZE, 0));
        await writeFile(path.join(folder, BUNDLE), Buffer.concat(leaves.map(framed)));
        if (fixHashes)
          await writeFile(path.join(folder, HASHES), Buffer.concat(leaves.map(leafHash)));
      },
    });
    const after = await Ledger.open(folder, LOG_KEY).catch(() => ledger);
    return [await after.verify(), await after.verify({ since: earlier })];
  });
}

function finds(audits: LedgerAudit[], pattern: RegExp, firstBroken?: number): void {
  for (const audit of audits) {
    assert.equal(audit.ok, false);
    assert.match(audit.problem ?? '', pattern);
    if (firstBroken !== undefined) assert.equal(audit.firstBroken, firstBroken);
  }
}

describe('an audit of the ledger', () => {
  it('names the first edited entry, not the ones after it', async () => {
    const edit = (leaves: Uint8Array[]) =>
      leaves.map((leaf, at) => (at === 3 || at === 6 ? leafBytes(entryNumber(at + 100)) : leaf));
    finds(await attacked(({ rewriteLeaves }) => rewriteLeaves(edit)), /Entry 3 was altered/, 3);
  });

  it('names the first of two exchanged entries', async () => {
    const swap = ([a, b, c, d, ...rest]: Uint8Array[]) => [a!, b!, d!, c!, ...rest];
    finds(await attacked(({ rewriteLeaves }) => rewriteLeaves(swap)), /Entry 2 was .*moved/, 2);
  });

  it('finds an edit whose hashes were mended, through the signed checkpoint', async () => {
    const edit = (leaves: Uint8Array[]) => [leafBytes(entryNumber(99)), ...leaves.slice(1)];
    finds(await attacked(({ rewriteLeaves }) => rewriteLeaves(edit, true)), /rewritten or forked/);
  });

  it('finds entries that are gone', async () => {
    const audits = await attacked(({ folder }) => rm(path.join(folder, BUNDLE)));
    finds(audits, /missing/);
  });

  it('finds a torn bundle and says where it is torn', async () => {
    const audits = await attacked(async ({ folder }) => {
      const bytes = await readFile(path.join(folder, BUNDLE));
      await writeFile(path.join(folder, BUNDLE), bytes.subarray(0, bytes.length - 3));
    });
    finds(audits, /torn at entry 7/);
  });

  it('finds a checkpoint that is altered or signed by another key', async () => {
    const audits = await attacked(async ({ folder }) => {
      const file = path.join(folder, 'checkpoint');
      await writeFile(file, (await readFile(file, 'utf8')).replace('\n8\n', '\n7\n'));
    }).catch((error: unknown) => error as { code: string });
    assert.deepEqual((audits as { code: string }).code, 'ledger-broken');
  });

  it('finds a truncation to an earlier checkpoint, when it is shown a later one', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      for (let number = 0; number < 3; number += 1) await ledger.append(entryNumber(number));
      await cp(folder, `${folder}/../${path.basename(folder)}-old`, { recursive: true });
      const old = `${folder}/../${path.basename(folder)}-old`;
      try {
        await ledger.append(entryNumber(3));
        const truncated = await (
          await Ledger.open(old, LOG_KEY)
        ).verify({ since: await ledger.checkpoint() });
        assert.match(truncated.problem ?? '', /truncated/);
        assert.equal(truncated.firstBroken, 3);
      } finally {
        await rm(old, { recursive: true });
      }
    }));

  it('finds a fork made with the log key itself, when it is shown a checkpoint of the other branch', () =>
    withTemporaryFolder(async (parent) => {
      const [left, right] = [path.join(parent, 'left'), path.join(parent, 'right')];
      const ledger = await Ledger.open(left, LOG_KEY);
      await ledger.append(entryNumber(0));
      await cp(left, right, { recursive: true });
      await ledger.append(entryNumber(1));
      const fork = await Ledger.open(right, LOG_KEY);
      for (const number of [2, 3]) await fork.append(entryNumber(number));
      assert.equal((await fork.verify()).ok, true, 'by itself it looks sound');
      const audit = await fork.verify({ since: await ledger.checkpoint() });
      assert.match(audit.problem ?? '', /first 2 entries are not those/);
    }));

  it('does not take a checkpoint of another ledger or of another key for an earlier one', () =>
    withTemporaryFolder(async (parent) => {
      const ledger = await Ledger.open(path.join(parent, 'a'), LOG_KEY);
      const other = await Ledger.open(path.join(parent, 'b'), LOG_KEY);
      const foreign = await Ledger.open(path.join(parent, 'c'), keyNumber(7));
      for (const stranger of [other, foreign]) {
        const audit = await ledger.verify({ since: await stranger.checkpoint() });
        assert.equal(audit.ok, false);
      }
      assert.match((await ledger.verify({ since: 'hello' })).problem ?? '', /cannot be used/);
    }));

  it('verifies the signed bodies it is given', () =>
    withTemporaryFolder(async (folder) => {
      const ledger = await Ledger.open(folder, LOG_KEY);
      const sealed = sealedRun();
      const pack = filedPack();
      await ledger.append(pack);
      await ledger.append(filedResult(sealed));
      const objects = new Map<string, Uint8Array>([
        [pack.entry.body, canonicalBytes(packEnvelopeBy(CAPSULE_KEY))],
        [CAPSULE_HASH, CAPSULE_BYTES],
        [entryFor(sealed).body, canonicalBytes(sealed.envelope)],
      ]);
      const find = (digest: string) => Promise.resolve(objects.get(digest));
      assert.equal((await ledger.verify({ body: find })).ok, true);
      assert.equal((await ledger.verify({ body: () => Promise.resolve(undefined) })).ok, true);
      const other = sealedRun({ outcome: 'fail' }).envelope;
      objects.set(entryFor(sealed).body, canonicalBytes(other));
      const audit = await ledger.verify({ body: find });
      assert.deepEqual([audit.ok, audit.firstBroken], [false, 1]);
    }));
});
