import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../../../src/base/errors.ts';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule } from '../../../src/capsule/pack.ts';
import { signedFiles } from '../../../src/deploy/signedFiles.ts';
import { packedServices, type Capsule } from '../../../src/model/capsule.ts';
import { packStatementOf } from '../../../src/model/packStatement.ts';
import { commitAll, gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';

describe('submodules', () => {
  let folder: string;
  let repo: string;
  let store: ObjectStore;
  let registryFile: string;
  const commits: Record<string, string> = {};

  const at = (...parts: string[]) => path.join(repo, ...parts);
  const inRepo = (name: string) => path.join(folder, name);

  async function newRepo(name: string): Promise<void> {
    await mkdir(inRepo(name), { recursive: true });
    await gitIn(inRepo(name), 'init', '--quiet');
    await writeFile(path.join(inRepo(name), `${name}.txt`), name);
    commits[name] = await commitAll(inRepo(name));
  }

  const add = (to: string, name: string, where: string) =>
    gitIn(
      to,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inRepo(name),
      where,
    );

  before(async () => {
    folder = await temporaryFolder();
    repo = inRepo('repo');
    store = new ObjectStore(inRepo('objects'));
    registryFile = inRepo('mesh.services.json');
    await newRepo('inner');
    await newRepo('outer');
    await add(inRepo('outer'), 'inner', 'deep/inner');
    commits.outer = await commitAll(inRepo('outer'));
    await newRepo('repo');
    await mkdir(at('app'), { recursive: true });
    await writeFile(at('app/a.txt'), 'a');
    await add(repo, 'outer', 'vendor/outer');
    await gitIn(
      repo,
      ...['-c', 'protocol.file.allow=always'],
      'submodule',
      '--quiet',
      'update',
      '--init',
      '--recursive',
    );
    commits.repo = await commitAll(repo);
  });

  async function pack(changes: object = {}): Promise<Capsule> {
    const service = { name: 'app', repo: 'repo', path: 'app', root: '.', ...changes };
    const rest = { start: 'x', health: { command: 'true' } };
    await writeFile(
      registryFile,
      JSON.stringify({ name: 'shop', services: [{ ...service, ...rest }] }),
    );
    return packCapsule({ registryFile, store });
  }

  const refusal = async (code: ErrorCode, changes: object = {}) => sentenceOf(code, pack(changes));

  const pathsOf = async (capsule: Capsule) =>
    (await signedFiles(capsule, store, new AbortController().signal))
      .map((file) => file.path)
      .slice(1);

  it('are packed as the commits they point to, those inside others too', async () => {
    const capsule = await pack();
    assert.deepEqual(await pathsOf(capsule), [
      ...['app/.gitmodules', 'app/app/a.txt', 'app/repo.txt', 'app/vendor/outer/.gitmodules'],
      ...['app/vendor/outer/deep/inner/inner.txt', 'app/vendor/outer/outer.txt'],
    ]);
    assert.deepEqual(packedServices(capsule.manifest)[0]?.submodules, [
      { path: 'vendor/outer', commit: commits.outer },
      { path: 'vendor/outer/deep/inner', commit: commits.inner },
    ]);
    const { predicate } = packStatementOf(capsule.capsuleHash, capsule.manifest, undefined);
    assert.deepEqual(
      predicate.buildDefinition.resolvedDependencies.map(({ name, digest }) => [
        name,
        digest.gitCommit,
      ]),
      [
        ['repo', commits.repo],
        ['repo/vendor/outer', commits.outer],
        ['repo/vendor/outer/deep/inner', commits.inner],
      ],
    );
  });

  it('may hold the service, and be narrowed', async () => {
    const changes = {
      path: 'vendor/outer/deep',
      include: ['**/*.txt'],
      exclude: ['vendor/outer/*.txt'],
    };
    const capsule = await pack(changes);
    assert.ok((await pathsOf(capsule)).includes('app/vendor/outer/deep/inner/inner.txt'));
    assert.deepEqual(
      packedServices(capsule.manifest)[0]?.submodules?.map((one) => one.path),
      ['vendor/outer', 'vendor/outer/deep/inner'],
    );
  });

  it('are looked at for what is not committed in them, as far as it belongs to the root', async () => {
    await writeFile(at('vendor/outer/deep/inner/new.txt'), 'new');
    assert.match(await refusal('dirty-tree'), /\(repo:vendor\/outer\/deep\/inner\/new\.txt\)/);
    await pack({ exclude: ['**/new.txt'] });
    await pack({ exclude: ['vendor'] });
    await rm(at('vendor/outer/deep/inner/new.txt'));
    await gitIn(at('vendor/outer'), 'checkout', '--quiet', 'HEAD~1');
    assert.match(await refusal('dirty-tree', { exclude: ['**/inner'] }), /\(repo:vendor\/outer\)/);
    await gitIn(at('vendor/outer'), 'checkout', '--quiet', '-');
  });

  it('are refused with the command that checks them out, unless nothing of them belongs to the root', async () => {
    await gitIn(repo, 'submodule', '--quiet', 'deinit', '--force', '--all');
    assert.match(
      await refusal('git-failed'),
      /"vendor\/outer" is not checked out at .*outer: run "git -C \S+repo submodule update --init --recursive"/,
    );
    for (const changes of [
      { exclude: ['vendor/*'] },
      { include: ['app', '*.txt'] },
      { root: 'app' },
    ]) {
      assert.equal(packedServices((await pack(changes)).manifest)[0]?.submodules, undefined);
    }
    await gitIn(folder, 'clone', '--quiet', '--bare', repo, 'bare.git');
    assert.match(
      await refusal('git-failed', { repo: 'bare.git' }),
      /git clone --recurse-submodules/,
    );
  });

  it('are refused with the command that fetches a commit which is not there', async () => {
    await gitIn(
      repo,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'update',
      '--init',
    );
    const missing = '1'.repeat(40);
    await gitIn(repo, 'update-index', '--cacheinfo', `160000,${missing},vendor/outer`);
    await gitIn(repo, 'commit', '--quiet', '--message', 'moved');
    const sentence = await refusal('unknown-commit');
    assert.match(sentence, /git -C \S+vendor\/outer fetch origin 1{40}/);
  });
});
