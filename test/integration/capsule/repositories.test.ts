import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule } from '../../../src/capsule/pack.ts';
import { treeDigestOnDisk } from '../../../src/capsule/treeDigest.ts';
import { unpackArchive } from '../../../src/capsule/unpack.ts';
import { packedServices, type Capsule } from '../../../src/model/capsule.ts';
import { commitAll, gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { withEnvironment } from '../../support/withEnvironment.ts';

const SERVICE = {
  name: 'ship',
  path: 'ship',
  start: ['node', 'a.mjs'],
  health: { command: ['true'] },
};

describe('repositories to pack from', () => {
  let folder: string;
  let store: ObjectStore;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = new ObjectStore(path.join(folder, 'objects'));
    await mkdir(path.join(folder, 'repo/ship'), { recursive: true });
    await gitIn(path.join(folder, 'repo'), 'init', '--quiet');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function pack(changes: object = {}, repo = 'repo'): Promise<Capsule> {
    const registryFile = path.join(folder, 'mesh.services.json');
    await writeFile(
      registryFile,
      JSON.stringify({ name: 'fleet', services: [{ ...SERVICE, repo, ...changes }] }),
    );
    return packCapsule({ registryFile, store });
  }

  const inRepo = (name: string) => path.join(folder, 'repo', name);
  const write = (name: string, content = 'x') => writeFile(inRepo(name), content);

  async function committed(): Promise<string> {
    return commitAll(path.join(folder, 'repo'));
  }

  async function unpackedShip({ manifest }: Capsule): Promise<string> {
    const [ship] = packedServices(manifest);
    assert.ok(ship);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (const { digest } of ship?.chunks ?? []) yield await store.get(digest);
    }
    const target = path.join(folder, 'unpacked');
    await unpackArchive({ chunks: chunks(), archive: ship.archive, target });
    assert.equal(await treeDigestOnDisk(target), ship.archive.digest);
    return target;
  }

  it('may lie beside the registry, and keep modes, links, long and foreign names', async function () {
    if (process.platform === 'win32') this.skip();
    const long = `ship/${'deep/'.repeat(15)}${'n'.repeat(90)}`;
    await mkdir(path.dirname(inRepo(long)), { recursive: true });
    await write(long, 'long');
    await write('ship/naïve 日本 [x].txt', 'ü');
    await write('ship/run.sh', '#!/bin/sh\n');
    await chmod(inRepo('ship/run.sh'), 0o755);
    await write('ship/empty', '');
    await write('ship/crlf.txt', 'a\r\nb\r\n');
    await symlink('run.sh', inRepo('ship/link'));
    await committed();
    const target = await unpackedShip(await pack());
    assert.equal(await readFile(path.join(target, 'crlf.txt'), 'utf8'), 'a\r\nb\r\n');
    assert.equal(await readFile(path.join(target, 'link'), 'utf8'), '#!/bin/sh\n');
    assert.equal(await readFile(path.join(target, long.slice('ship/'.length)), 'utf8'), 'long');
  });

  it('may be bare', async () => {
    await write('ship/a.mjs');
    await committed();
    await gitIn(folder, 'clone', '--quiet', '--bare', 'repo', 'bare.git');
    const [fromBare, from] = [await pack({}, 'bare.git'), await pack()];
    assert.deepEqual(
      packedServices(fromBare.manifest)[0]?.archive,
      packedServices(from.manifest)[0]?.archive,
    );
  });

  it('may have the whole of them as a service', async () => {
    await write('ship/a.mjs', 'whole');
    await committed();
    const target = await unpackedShip(await pack({ path: '.' }));
    assert.equal(await readFile(path.join(target, 'ship/a.mjs'), 'utf8'), 'whole');
  });

  it('may be pinned to a tag, and edited meanwhile', async () => {
    await write('ship/a.mjs', 'one');
    const first = await committed();
    await gitIn(inRepo('.'), 'tag', '--annotate', '--message', 'v1', 'v1');
    await write('ship/a.mjs', 'two');
    await committed();
    await write('ship/a.mjs', 'not committed');
    assert.equal(packedServices((await pack({ commit: 'v1' })).manifest)[0]?.commit, first);
  });

  describe('are packed once what the sentence says was done', () => {
    /** Runs the command that a refusal quotes. */
    async function follow(sentence: string): Promise<void> {
      const command = /"git (-C [^"]+)"\.$/.exec(sentence)?.[1] ?? '';
      await gitIn(folder, ...command.split(' '));
    }

    it('when the clone lacked contents', async () => {
      await write('ship/a.mjs');
      await committed();
      await gitIn(inRepo('.'), 'config', 'uploadpack.allowFilter', 'true');
      const source = `file://${inRepo('.')}`;
      await gitIn(folder, 'clone', '--quiet', '--bare', '--filter=blob:none', source, 'partial');
      await follow(await sentenceOf('git-failed', pack({}, 'partial')));
      await pack({}, 'partial');
    });

    it('when the clone lacked a commit that is older than it reaches', async () => {
      await write('ship/a.mjs');
      const commit = await committed();
      await write('ship/b.mjs');
      await committed();
      await gitIn(folder, 'clone', '--quiet', '--depth=1', `file://${inRepo('.')}`, 'shallow');
      await follow(await sentenceOf('unknown-commit', pack({ commit }, 'shallow')));
      await pack({ commit }, 'shallow');
    });

    it('when the clone lacked a commit of another branch', async () => {
      await write('ship/a.mjs');
      await committed();
      await gitIn(folder, 'clone', '--quiet', `file://${inRepo('.')}`, 'behind');
      await gitIn(inRepo('.'), 'checkout', '--quiet', '-b', 'other');
      await write('ship/b.mjs');
      const commit = await committed();
      await follow(await sentenceOf('unknown-commit', pack({ commit }, 'behind')));
      await pack({ commit }, 'behind');
    });

    it('when they belong to another user, whom safe.directory of this one trusts', async function () {
      if (process.platform === 'win32') this.skip();
      await write('ship/a.mjs');
      await committed();
      const own = await pack();
      const before = { ...process.env };
      try {
        const git = path.join(await gitIn(folder, '--exec-path'), 'git');
        const foreign = `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "${git}" "$@"\n`;
        await mkdir(path.join(folder, 'bin'));
        await writeFile(path.join(folder, 'bin/git'), foreign, { mode: 0o755 });
        process.env.PATH = `${path.join(folder, 'bin')}:${process.env.PATH ?? ''}`;
        process.env.HOME = folder;
        delete process.env.XDG_CONFIG_HOME;
        const sentence = await sentenceOf('git-failed', pack());
        const top = /--global --add safe\.directory ([^"]+)"\.$/.exec(sentence)?.[1] ?? '';
        const configuration = path.join(folder, '.gitconfig');
        await gitIn(folder, 'config', '--file', configuration, '--add', 'safe.directory', top);
        assert.equal((await pack()).capsuleHash, own.capsuleHash);
      } finally {
        process.env = before;
      }
    });
  });

  describe('are refused', () => {
    afterEach(async () => {
      await assert.rejects(readdir(store.folder), 'nothing was written');
    });

    it('when they are missing or no repositories', async () => {
      const sentence = await sentenceOf('not-a-repository', pack({}, '../nowhere-at-all'));
      assert.match(sentence, /Service "ship": .*nowhere-at-all is not in a git repository/);
      await mkdir(path.join(folder, 'plain'));
      assert.match(await sentenceOf('not-a-repository', pack({}, 'plain')), /git init/);
    });

    it('when they have no commit yet', async () => {
      assert.match(
        await sentenceOf('unknown-commit', pack()),
        /"HEAD" does not exist.*commit something first/,
      );
    });

    const revisions = ['v9', 'deadbeef', '--output=x', '', 'HEAD^{tree}', 'HEAD:ship', '@{u}'];
    for (const commit of revisions.filter(Boolean)) {
      it(`when they have no commit ${commit}`, async () => {
        await write('ship/a.mjs');
        await committed();
        assert.ok((await sentenceOf('unknown-commit', pack({ commit }))).includes(`"${commit}"`));
      });
    }

    it('when the folder is not in the commit', async () => {
      await write('ship/a.mjs');
      await committed();
      assert.match(
        await sentenceOf('registry-invalid', pack({ path: 'boat' })),
        /no folder "boat" in commit/,
      );
      assert.match(
        await sentenceOf('registry-invalid', pack({ path: 'ship/a.mjs' })),
        /no folder "ship\/a.mjs"/,
      );
    });

    it('when the folder is reached through a symbolic link', async function () {
      if (process.platform === 'win32') this.skip();
      await write('ship/a.mjs');
      await symlink('../..', inRepo('ship/up'));
      await committed();
      for (const at of ['ship/up', 'ship/up/repo/ship']) {
        assert.match(
          await sentenceOf('path-outside', pack({ path: at })),
          /symbolic link "ship\/up"/,
        );
      }
    });

    it('when a service holds a submodule that is not checked out', async () => {
      await write('ship/a.mjs');
      const commit = await committed();
      await gitIn(inRepo('.'), 'update-index', '--add', '--cacheinfo', `160000,${commit},ship/lib`);
      await gitIn(inRepo('.'), 'commit', '--quiet', '--message', 'submodule');
      const pinned = await gitIn(inRepo('.'), 'rev-parse', 'HEAD');
      await gitIn(inRepo('.'), 'reset', '--quiet', '--hard', commit);
      assert.match(
        await sentenceOf('git-failed', pack({ commit: pinned })),
        /"lib" is not checked out at .*lib: run "git -C .* submodule update --init --recursive"/,
      );
    });

    const names = ['con.txt', 'a:b', 'trailing.', 'back\\slash'];
    for (const name of names) {
      it(`when a file is called ${name}`, async function () {
        if (process.platform === 'win32') this.skip();
        await write(`ship/${name}`);
        await committed();
        await sentenceOf('capsule-unsafe', pack());
      });
    }

    it('when two names differ only in case', async function () {
      if (process.platform !== 'linux') this.skip();
      await write('ship/README');
      await write('ship/readme');
      await committed();
      assert.match(await sentenceOf('capsule-unsafe', pack()), /ignore case/);
    });

    it('when a link leads out of the service', async function () {
      if (process.platform === 'win32') this.skip();
      await symlink('../../secret', inRepo('ship/out'));
      await committed();
      assert.match(await sentenceOf('capsule-unsafe', pack()), /"out" points out of the tree/);
    });

    it('when they use SHA-256 ids', async () => {
      await gitIn(folder, 'init', '--quiet', '--object-format=sha256', 'new');
      assert.match(await sentenceOf('git-failed', pack({}, 'new')), /sha256 object ids/);
    });

    it('when the clone lacks contents, without fetching them', async () => {
      await write('ship/a.mjs');
      await committed();
      await gitIn(inRepo('.'), 'config', 'uploadpack.allowFilter', 'true');
      const source = `file://${inRepo('.')}`;
      await gitIn(
        folder,
        'clone',
        '--quiet',
        '--no-checkout',
        '--filter=blob:none',
        source,
        'partial',
      );
      const registered = pack({ commit: 'HEAD' }, 'partial');
      const sentence = await sentenceOf(
        'git-failed',
        registered.catch(async (error: unknown) => {
          // An empty checkout differs from its commit in every file; that is not what is asked about here.
          if (!(error instanceof Error) || !error.message.includes('differ')) throw error;
          const registryFile = path.join(folder, 'mesh.services.json');
          return packCapsule({ registryFile, store, allowDirty: true });
        }),
      );
      assert.match(sentence, /lacks .*"git -C .* fetch --refetch --no-filter"/);
    });

    it('when git finds an object damaged', async () => {
      await write('ship/a.mjs', 'content that will be damaged');
      await committed();
      const blob = await gitIn(inRepo('.'), 'rev-parse', 'HEAD:ship/a.mjs');
      const object = inRepo(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
      await chmod(object, 0o644);
      await writeFile(object, 'damaged');
      assert.match(await sentenceOf('git-failed', pack()), /git fsck|lacks/);
    });

    it('when there is no git', async () => {
      const nowhere = { PATH: path.join(folder, 'nothing') };
      const sentence = await withEnvironment(nowhere, () => sentenceOf('git-failed', pack()));
      assert.match(sentence, /install it/);
    });
  });

  it('fail in one sentence when git dies in the middle', async function () {
    if (process.platform === 'win32') this.skip();
    await write('ship/a.mjs');
    await committed();
    const before = process.env.PATH ?? '';
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    const die = 'case "$*" in *cat-file*) kill -9 $$;; esac';
    const real = `PATH='${before}' exec git "$@"`;
    await writeFile(path.join(bin, 'git'), `#!/bin/sh\n${die}\n${real}\n`, { mode: 0o755 });
    const dying = { PATH: `${bin}:${before}` };
    const sentence = await withEnvironment(dying, () => sentenceOf('git-failed', pack()));
    assert.match(sentence, /Service "ship": git cat-file in .* was killed by SIGKILL/);
  });
});
