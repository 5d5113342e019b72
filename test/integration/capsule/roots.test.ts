import assert from 'node:assert/strict';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../../../src/base/errors.ts';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule, repackServiceAt } from '../../../src/capsule/pack.ts';
import { unpackRelease } from '../../../src/deploy/release.ts';
import { alteredFiles, signedFiles } from '../../../src/deploy/signedFiles.ts';
import { packedServices, type Capsule } from '../../../src/model/capsule.ts';
import { inspectRegistry } from '../../../src/studio/capsules/inspectRegistry.ts';
import { commitAll, gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';

const API = { name: 'api', path: 'apps/api', root: '.', start: 'x', health: { command: 'true' } };
const ALL = [
  ...['api/apps/api/a.txt', 'api/apps/api/sub/b.txt', 'api/apps/web/c.txt', 'api/libs/d.txt'],
  'api/linked -> apps',
];
const WEB = { ...API, name: 'web', path: 'apps/web' };

describe('a monorepo', () => {
  let repo: string;
  let store: ObjectStore;
  let registryFile: string;

  before(async () => {
    const folder = await temporaryFolder();
    repo = path.join(folder, 'repo');
    store = new ObjectStore(path.join(folder, 'objects'));
    // Outside the repository, so that packing another registry leaves nothing changed in it.
    registryFile = path.join(folder, 'mesh.services.json');
    for (const file of ['apps/api/a.txt', 'apps/api/sub/b.txt', 'apps/web/c.txt', 'libs/d.txt']) {
      await mkdir(path.join(repo, path.dirname(file)), { recursive: true });
      await writeFile(path.join(repo, file), file);
    }
    await symlink('apps', path.join(repo, 'linked'));
    await gitIn(repo, 'init', '--quiet');
    await commitAll(repo);
  });

  async function registry(...services: object[]): Promise<string> {
    const text = JSON.stringify({
      name: 'shop',
      services: services.map((service) => ({ repo: 'repo', ...service })),
    });
    await writeFile(registryFile, text);
    return text;
  }

  async function pack(...services: object[]): Promise<Capsule> {
    await registry(...services);
    return packCapsule({ registryFile, store });
  }

  /** The paths of a release: a service that shares the folder of another leads there. */
  async function contents(capsule: Capsule): Promise<string[]> {
    const files = await signedFiles(capsule, store, new AbortController().signal);
    return files
      .slice(1)
      .map(({ path: name, kind, content }) => (kind === 'link' ? `${name} -> ${content}` : name));
  }

  it('is packed once for the services that name it', async () => {
    const capsule = await pack(API, WEB);
    assert.deepEqual(await contents(capsule), [...ALL, 'web -> api']);
    const [api, web] = packedServices(capsule.manifest);
    assert.deepEqual([api?.chunks?.length, web?.chunks], [1, undefined]);
    assert.equal(web?.tree, api?.tree);
    assert.equal((await pack(API, WEB)).capsuleHash, capsule.capsuleHash);
  });

  it('is laid out once in a release, where a link that leads elsewhere is told', async () => {
    const capsule = await pack(API, WEB);
    const { signal } = new AbortController();
    const folder = path.join(path.dirname(repo), 'release');
    await unpackRelease({ capsule, store, folder, signal });
    const files = await signedFiles(capsule, store, signal);
    assert.equal(await readFile(path.join(folder, 'web/apps/web/c.txt'), 'utf8'), 'apps/web/c.txt');
    assert.deepEqual(await alteredFiles(folder, files), []);
    await rm(path.join(folder, 'web'));
    await symlink(repo, path.join(folder, 'web'));
    assert.deepEqual(await alteredFiles(folder, files), ['web']);
  });

  it('is narrowed by what its services include and exclude', async () => {
    const include = ['apps/{api,web}', 'libs'];
    const narrowed = { include, exclude: ['**/b.txt', 'apps/api/a.txt'] };
    const capsule = await pack({ ...API, include: ['apps/api', 'libs'] }, { ...WEB, ...narrowed });
    assert.deepEqual(await contents(capsule), [
      ...['api/apps/api/a.txt', 'api/apps/api/sub/b.txt', 'api/libs/d.txt'],
      ...['web/apps/web/c.txt', 'web/libs/d.txt'],
    ]);
  });

  it('may have roots and services that contain each other', async () => {
    const inner = { ...API, name: 'sub', root: 'apps/api', path: 'apps/api/sub' };
    const alone = { ...API, name: 'alone', root: undefined };
    const capsule = await pack({ ...API, path: '.' }, WEB, inner, alone);
    assert.deepEqual(await contents(capsule), [
      ...[...ALL, 'web -> api', 'sub/a.txt', 'sub/sub/b.txt'],
      ...['alone/a.txt', 'alone/sub/b.txt'],
    ]);
  });

  it('drifts by one service alone, though it is the one that listed the chunks', async () => {
    const capsule = await pack(API, WEB);
    await writeFile(path.join(repo, 'libs/d.txt'), 'other');
    const commit = await commitAll(repo);
    const registryFolder = path.dirname(registryFile);
    const drifted = await repackServiceAt({
      capsule,
      registryFolder,
      service: 'api',
      commit,
      store,
    });
    const [api, web] = packedServices(drifted.manifest);
    assert.notEqual(api?.archive.digest, web?.archive.digest);
    assert.equal(web?.archive.digest, packedServices(capsule.manifest)[1]?.archive.digest);
    const both = (await contents(drifted)).filter((file) => file.endsWith('/d.txt'));
    assert.deepEqual(both, ['api/libs/d.txt', 'web/libs/d.txt']);
  });

  it('is dirty by what belongs to it alone', async () => {
    await writeFile(path.join(repo, 'libs/e.txt'), 'new');
    assert.match(await sentenceOf('dirty-tree', pack(API)), /\(repo:libs\/e\.txt\)/);
    await pack({ ...API, exclude: ['libs'] });
    await pack({ ...API, include: ['apps'] });
    await gitIn(repo, 'clean', '--quiet', '-f');
  });

  const REFUSED: readonly [string, object, ErrorCode, RegExp, 'path' | 'root' | 'include'][] = [
    [
      'patterns leave nothing',
      { exclude: ['**'] },
      'registry-invalid',
      /"include" and "exclude" leave nothing of "\."/,
      'path',
    ],
    [
      'patterns leave nothing of the path',
      { exclude: ['apps/api'] },
      'registry-invalid',
      /Nothing of "apps\/api" is packed/,
      'path',
    ],
    [
      'a pattern names nothing',
      { include: ['apps', 'libz'] },
      'registry-invalid',
      /"include" names "libz", and nothing committed in "\." is called so/,
      'include',
    ],
    [
      'there is no such root',
      { root: 'app', path: 'app' },
      'registry-invalid',
      /no folder "app"/,
      'root',
    ],
    [
      'there is no such path',
      { path: 'apps/ap' },
      'registry-invalid',
      /Nothing of "apps\/ap"/,
      'path',
    ],
    [
      'the path is a link',
      { path: 'linked/api' },
      'path-outside',
      /symbolic link "linked"/,
      'path',
    ],
    [
      'the root is a link',
      { path: 'linked/api', root: 'linked' },
      'path-outside',
      /symbolic link/,
      'root',
    ],
  ];
  for (const [when, changes, code, pattern, at] of REFUSED) {
    it(`is refused when ${when}, at that place of the registry`, async () => {
      const text = await registry({ ...API, ...changes });
      const [file, asksGit, signal] = [registryFile, true, new AbortController().signal];
      const problems = await inspectRegistry({ text, file, asksGit, signal });
      assert.match(await sentenceOf(code, packCapsule({ registryFile, store })), pattern);
      assert.equal(problems.length, 1);
      const { sentence = '', offset = 0, length = 0 } = problems[0] ?? {};
      assert.match(sentence, pattern);
      assert.deepEqual(
        JSON.parse(text.slice(offset, offset + length)),
        { include: [], ...API, ...changes }[at],
      );
    });
  }
});
