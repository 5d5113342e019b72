import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadCapsule } from '../../../src/capsule/load.ts';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule, repackServiceAt } from '../../../src/capsule/pack.ts';
import { packStatementOf } from '../../../src/model/packStatement.ts';
import { distinctChunks, packedServices } from '../../../src/model/capsule.ts';
import type { Capsule } from '../../../src/model/capsule.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import {
  commitAll,
  commitChange,
  createHarborPay,
  gitIn,
  temporaryFolder,
} from '../../support/harborPay.ts';
import type { HarborPay } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { withEnvironment } from '../../support/withEnvironment.ts';

describe('packing', () => {
  let harbor: HarborPay;
  let store: ObjectStore;

  beforeEach(async () => {
    harbor = await createHarborPay();
    store = storeIn(harbor.folder);
  });
  afterEach(() => harbor.dispose());

  function storeIn(folder: string): ObjectStore {
    return new ObjectStore(path.join(folder, '.meshsim/objects'));
  }

  function packed(folder = harbor.folder, allowDirty = false): Promise<Capsule> {
    const registryFile = path.join(folder, 'mesh.services.json');
    return packCapsule({ registryFile, store: storeIn(folder), allowDirty });
  }

  it('stores a manifest whose hash is its name, and every chunk it names', async () => {
    const capsule = await packed();
    assert.equal(sha256Hex(capsule.bytes), capsule.capsuleHash);
    assert.deepEqual(await loadCapsule(store, capsule.capsuleHash), {
      ...capsule,
      bytes: Buffer.from(capsule.bytes),
    });
    const chunks = distinctChunks(capsule.manifest);
    assert.ok(chunks.length >= 15 && chunks.length <= 30, `${chunks.length} chunks`);
    for (const { digest, size } of chunks) assert.equal((await store.get(digest)).length, size);
    assert.deepEqual(
      packedServices(capsule.manifest).map(({ commit }) => commit),
      Array(3).fill(harbor.commit),
    );
  });

  describe('the same commits give the same hash', () => {
    let expected: string;
    beforeEach(async () => {
      expected = (await packed()).capsuleHash;
    });

    it('twice in a row, and in another store', async () => {
      assert.equal((await packed()).capsuleHash, expected);
      const other = new ObjectStore(path.join(harbor.folder, '.meshsim/other'));
      assert.equal(
        (await packCapsule({ registryFile: harbor.registryFile, store: other })).capsuleHash,
        expected,
      );
    });

    it('from a clone', async () => {
      const clone = await temporaryFolder();
      await gitIn(clone, 'clone', '--quiet', harbor.folder, '.');
      assert.equal((await packed(clone)).capsuleHash, expected);
      await rm(clone, { recursive: true });
    });

    it('from a folder below the top of a larger repository', async () => {
      const larger = await temporaryFolder();
      await gitIn(larger, 'init', '--quiet');
      await gitIn(larger, 'fetch', '--quiet', harbor.folder, 'main');
      await gitIn(larger, 'read-tree', '--prefix=products/harbor/', '-u', 'FETCH_HEAD');
      await commitAll(larger);
      const [there, here] = [await packed(path.join(larger, 'products/harbor')), await packed()];
      const contents = ({ manifest }: Capsule) =>
        packedServices(manifest).map(({ tree, archive }) => ({ tree, archive }));
      assert.deepEqual(contents(there), contents(here));
      await rm(larger, { recursive: true });
    });

    it('under another umask, time zone, locale and user configuration', async () => {
      const home = await temporaryFolder();
      const settings = [
        '[core]',
        'autocrlf = true',
        'eol = crlf',
        'quotePath = false',
        'fileMode = true',
        'abbrev = 4',
        '[tar]',
        'umask = 0077',
        '[i18n]',
        'logOutputEncoding = latin1',
        '[core]',
        'useReplaceRefs = true',
      ];
      await writeFile(path.join(home, '.gitconfig'), settings.join('\n'));
      const umask = process.umask(0o077);
      const elsewhere = {
        HOME: home,
        TZ: 'Pacific/Kiritimati',
        LC_ALL: 'tr_TR.UTF-8',
        LANG: 'tr_TR.UTF-8',
      };
      const capsule = await withEnvironment(elsewhere, () => packed()).finally(() =>
        process.umask(umask),
      );
      assert.equal(capsule.capsuleHash, expected);
      await rm(home, { recursive: true });
    });

    it('inside a git hook, whose variables point at another repository', async () => {
      const misleading = {
        GIT_DIR: '/nowhere',
        GIT_INDEX_FILE: '/nowhere/index',
        GIT_WORK_TREE: '/',
      };
      assert.equal((await withEnvironment(misleading, () => packed())).capsuleHash, expected);
    });

    it('with settings, attributes and a replace reference in the repository itself', async () => {
      const data = path.join(harbor.folder, '.git');
      await appendFile(path.join(data, 'config'), '[core]\nautocrlf = true\n[tar]\numask = 0077\n');
      await mkdir(path.join(data, 'info'), { recursive: true });
      await writeFile(
        path.join(data, 'info/attributes'),
        '* export-subst ident text eol=crlf\nREADME.md export-ignore\n',
      );
      const other = (
        await gitIn(harbor.folder, 'commit-tree', '-m', 'other', 'HEAD^{tree}:services')
      ).trim();
      await gitIn(harbor.folder, 'replace', harbor.commit, other);
      assert.equal(
        packedServices((await packed(harbor.folder, true)).manifest)[0]?.tree,
        packedServices((await loadCapsule(store, expected)).manifest)[0]?.tree,
      );
    });

    it('with executable bits lost or added in the working copy', async () => {
      await chmod(path.join(harbor.folder, 'services/gateway/server.mjs'), 0o755);
      assert.equal((await packed()).capsuleHash, expected);
    });

    it('whatever lies beside the services', async () => {
      await writeFile(path.join(harbor.folder, 'NOTES'), 'untracked, but no part of any service');
      await mkdir(path.join(harbor.folder, 'services/orders/dist'));
      await writeFile(
        path.join(harbor.folder, 'services/orders/dist/tariffs.json'),
        'ignored by git',
      );
      assert.equal((await packed()).capsuleHash, expected);
    });
  });

  it('gives another hash for another commit, content, or registry', async () => {
    const hashes = new Set([(await packed()).capsuleHash]);
    await commitChange(harbor, 'services/orders/server.mjs', 'changed');
    hashes.add((await packed()).capsuleHash);
    await commitChange(harbor, 'README.md', 'changed, outside the services');
    hashes.add((await packed()).capsuleHash);
    assert.equal(hashes.size, 3);
  });

  it('reuses all other chunks after a small change in a large file', async () => {
    const before = new Set(distinctChunks((await packed()).manifest).map(({ digest }) => digest));
    const csv = await gitIn(harbor.folder, 'show', 'HEAD:services/orders/data/tariffs.csv');
    const at = Math.floor(csv.length / 2);
    await commitChange(
      harbor,
      'services/orders/data/tariffs.csv',
      `${csv.slice(0, at)}B,${csv.slice(at)}\n`,
    );
    const after = distinctChunks((await packed()).manifest);
    // New are the chunk with the file's header (its size changed), the edited one, and at most a neighbour.
    const added = after.filter(({ digest }) => !before.has(digest));
    assert.ok(added.length <= 3, `${added.length} of ${after.length} chunks are new`);
  });

  it('refuses a dirty tree with its files named, and writes nothing', async () => {
    await writeFile(path.join(harbor.folder, 'services/orders/server.mjs'), 'edited');
    await writeFile(path.join(harbor.folder, 'services/payments/new file.mjs'), 'untracked');
    const sentence = await sentenceOf('dirty-tree', packed());
    assert.match(sentence, /services\/orders\/server\.mjs, services\/payments\/new file\.mjs/);
    await assert.rejects(readdir(store.folder));
  });

  it('refuses an edited registry until it is committed: other machines could not pack the same', async () => {
    await appendFile(harbor.registryFile, '\n');
    assert.match(await sentenceOf('dirty-tree', packed()), /\(mesh\.services\.json\)/);
    await commitAll(harbor.folder);
    await packed();
  });

  it('packs a registry that was never committed, and records that it was not', async () => {
    await gitIn(harbor.folder, 'rm', '--quiet', '--cached', 'mesh.services.json');
    await gitIn(harbor.folder, 'commit', '--quiet', '--message', 'Without');
    const { manifest } = await packed();
    assert.deepEqual(manifest.dirty, ['mesh.services.json']);
    await writeFile(path.join(harbor.folder, 'services/orders/x'), '');
    assert.match(
      await sentenceOf('dirty-tree', packed()),
      /\(mesh\.services\.json, services\/orders\/x\)/,
    );
  });

  it('names ten of many dirty files', async () => {
    for (let index = 0; index < 12; index += 1) {
      await writeFile(path.join(harbor.folder, `services/orders/x${index}`), '');
    }
    assert.match(await sentenceOf('dirty-tree', packed()), /x7 and 2 more\)/);
  });

  it('records dirty files when they are allowed, and still packs the commit', async () => {
    const clean = await packed();
    await writeFile(path.join(harbor.folder, 'services/orders/server.mjs'), 'edited');
    const dirty = await packed(harbor.folder, true);
    assert.deepEqual(dirty.manifest.dirty, ['services/orders/server.mjs']);
    assert.deepEqual(dirty.manifest.services, clean.manifest.services);
    assert.notEqual(dirty.capsuleHash, clean.capsuleHash);
  });

  it('gives the drifted Capsule of one service at another commit', async () => {
    const capsule = await packed();
    const commit = await commitChange(harbor, 'services/orders/server.mjs', 'drifted');
    const drifted = await repackServiceAt({
      capsule,
      registryFolder: harbor.folder,
      service: 'orders',
      commit: commit.slice(0, 10),
      store,
    });
    const before = packedServices(capsule.manifest);
    const changed = packedServices(drifted.manifest).filter(
      (service, index) => service.archive.digest !== before[index]?.archive.digest,
    );
    assert.deepEqual(
      changed.map(({ name, commit: at }) => [name, at]),
      [['orders', commit]],
    );
    assert.notEqual(drifted.capsuleHash, capsule.capsuleHash);
    assert.equal((await loadCapsule(store, drifted.capsuleHash)).capsuleHash, drifted.capsuleHash);
  });

  it('refuses to drift to a commit or service that does not exist', async () => {
    const drift = { capsule: await packed(), registryFolder: harbor.folder, store };
    const commit = 'deadbeef';
    assert.match(
      await sentenceOf('unknown-commit', repackServiceAt({ ...drift, service: 'orders', commit })),
      /"deadbeef"/,
    );
    assert.match(
      await sentenceOf('plan-invalid', repackServiceAt({ ...drift, service: 'ship', commit })),
      /"ship".*payments, orders, gateway/,
    );
  });

  it('states the commits it came from, and neither time nor place', async () => {
    const capsule = await packed();
    const statement = packStatementOf(capsule.capsuleHash, capsule.manifest, undefined);
    const text = JSON.stringify(statement);
    assert.deepEqual(statement.subject, [
      { name: 'capsule.json', digest: { sha256: capsule.capsuleHash } },
    ]);
    assert.deepEqual(statement.predicate.buildDefinition.resolvedDependencies, [
      { name: '.', digest: { gitCommit: harbor.commit } },
    ]);
    assert.equal(text.includes(harbor.folder), false);
  });

  it('stops when it is asked to', async () => {
    const aborted = packCapsule({
      registryFile: harbor.registryFile,
      store,
      signal: AbortSignal.abort(),
    });
    await sentenceOf('interrupted', aborted);
    await assert.rejects(readdir(store.folder));
  });
});
