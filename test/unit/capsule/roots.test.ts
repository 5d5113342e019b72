import assert from 'node:assert/strict';
import { readRegistry } from '../../../src/capsule/registryFile.ts';
import { capsuleFrom } from '../../../src/capsule/load.ts';
import { sharedBuild } from '../../../src/agent/services/sharedBuild.ts';
import { FASTCDC_V1 } from '../../../src/capsule/fastcdc.ts';
import {
  archiveBytes,
  CAPSULE_SCHEMA,
  distinctChunks,
  type PackedService,
} from '../../../src/model/capsule.ts';
import { chunksOf, laidOutTrees, withSharedChunks } from '../../../src/model/laidOutTrees.ts';
import { packStatementOf, packStatementSchema } from '../../../src/model/packStatement.ts';
import { sourceServices } from '../../../src/model/registry.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

const COMMIT = 'a'.repeat(40);
const CONTENT = { digest: sha256Hex(Buffer.from('content')), size: 7 };

function packed(name: string, changes: Partial<PackedService> = {}): PackedService {
  return {
    ...{ name, repo: '.', path: `apps/${name}`, commit: COMMIT, tree: COMMIT },
    ...{ start: ['node', '.'], env: {}, secrets: [], ports: {}, dependsOn: [], objectives: [] },
    health: { command: 'true', intervalMs: 200, timeoutMs: 2_000, deadlineMs: 20_000 },
    archive: CONTENT,
    chunks: [CONTENT],
    ...changes,
  };
}

function manifestOf(...services: PackedService[]) {
  return { schema: CAPSULE_SCHEMA, name: 'shop', chunker: FASTCDC_V1, services } as const;
}

describe('services that share a root', () => {
  const build = ['npm', 'ci'];
  const namesOf = (...services: PackedService[]) =>
    laidOutTrees(manifestOf(...services)).map(({ services: own }) => own.map(({ name }) => name));

  it('share a folder where the same build makes the same of it', () => {
    const shared = { root: '.', build };
    assert.deepEqual(namesOf(packed('api', shared), packed('web', shared)), [['api', 'web']]);
    for (const other of [
      { root: 'apps' },
      { build: ['make'] },
      { commit: 'b'.repeat(40) },
      { archive: { digest: 'c'.repeat(64), size: 7 } },
      { buildIn: 'path' as const },
    ]) {
      const trees = namesOf(packed('api', shared), packed('web', { ...shared, ...other }));
      assert.deepEqual(trees, [['api'], ['web']], JSON.stringify(other));
    }
    const inPath = { ...shared, buildIn: 'path' as const };
    assert.deepEqual(namesOf(packed('api', inPath), packed('web', inPath)), [['api'], ['web']]);
    const unbuilt = { root: '.' };
    assert.deepEqual(namesOf(packed('api', unbuilt), packed('web', unbuilt)), [['api', 'web']]);
  });

  it('have folders of their own where they name no root, though they are the same', () => {
    const same = { path: 'app' };
    assert.deepEqual(namesOf(packed('api', same), packed('web', same)), [['api'], ['web']]);
  });

  it('list their chunks once, and nothing changes for others', () => {
    const rooted = [packed('api', { root: '.' }), packed('web', { root: '.' })];
    const plain = [packed('old'), packed('older')];
    const services = withSharedChunks([...plain, ...rooted]);
    assert.deepEqual(services.slice(0, 2), plain);
    assert.ok(services.slice(2).every((service) => !('chunks' in service)));
    const capsule = capsuleFrom(canonicalBytes(manifestOf(...(services as PackedService[]))));
    const web = capsule.manifest.services[3] as PackedService;
    assert.deepEqual(chunksOf(capsule.manifest, web), [CONTENT]);
    assert.equal(distinctChunks(capsule.manifest).length, 1);
    assert.equal(archiveBytes(capsule.manifest), 2 * CONTENT.size);
    const statement = packStatementOf(capsule.capsuleHash, capsule.manifest, undefined);
    assert.ok(packStatementSchema.safeParse(statement).success);
    assert.equal(
      JSON.stringify(statement.predicate.buildDefinition.externalParameters.services[3]),
      JSON.stringify({ name: 'web', repo: '.', path: 'apps/web', root: '.', commit: COMMIT }),
    );
  });

  it('are no Capsule where nobody lists the chunks', async () => {
    const bytes = JSON.stringify(manifestOf(packed('api', { root: '.' })), (key, value: unknown) =>
      key === 'chunks' ? undefined : value,
    );
    const manifest = JSON.parse(bytes) as object;
    const load = Promise.resolve().then(() => capsuleFrom(canonicalBytes(manifest)));
    assert.match(await sentenceOf('capsule-invalid', load), /"api" has 0 bytes of chunks/);
  });

  it('give their build the variables to which they give no different values, and the longest deadline', () => {
    const api = packed('api', { env: { A: '1', PORT: '1' }, buildDeadlineMs: 700_000 });
    const web = packed('web', { env: { B: '2', PORT: '2' } });
    const owner = { ...web, build };
    const { env, buildDeadlineMs } = sharedBuild(owner, [api, web]);
    assert.deepEqual([env, buildDeadlineMs], [{ A: '1', B: '2' }, 700_000]);
    assert.deepEqual(sharedBuild(owner, [web]).env, web.env);
  });
});

describe('a root in the registry', () => {
  const API = { name: 'api', path: 'apps/api', start: 'x', health: { command: 'true' } };
  async function reading(changes: object) {
    const file = path.join(await temporaryFolder(), 'mesh.services.json');
    await writeFile(file, JSON.stringify({ name: 'shop', services: [{ ...API, ...changes }] }));
    return readRegistry(file);
  }

  it('is read in its one form', async () => {
    const { registry } = await reading({
      root: './',
      include: ['apps'],
      build: 'make',
      buildIn: 'path',
    });
    const [service] = sourceServices(registry);
    assert.deepEqual([service?.root, service?.path, service?.buildIn], ['.', 'apps/api', 'path']);
  });

  it('is not filled in where it is left out: what is signed stays as it was', async () => {
    const { registry } = await reading({});
    const added = ['root', 'include', 'exclude', 'buildIn', 'lfs'];
    assert.deepEqual(
      added.filter((key) => key in (registry.services[0] ?? {})),
      [],
    );
  });

  for (const [what, changes, code, pattern] of [
    ['outside the repository', { root: '../other' }, 'path-outside', /root "\.\.\/other" leaves/],
    ['that is absolute', { root: '/srv' }, 'path-outside', /root "\/srv" is absolute/],
    ['that does not hold the path', { root: 'libs' }, 'path-outside', /path "apps\/api" is not in/],
    ['below the path', { root: 'apps/api/src' }, 'path-outside', /is not in its root/],
    ['beside the path', { root: 'apps/ap' }, 'path-outside', /is not in its root "apps\/ap"/],
    [
      'with a bad pattern',
      { root: '.', exclude: ['a', '!b'] },
      'registry-invalid',
      /exclude\[1\] "!b"/,
    ],
    ['with no pattern', { root: '.', include: [] }, 'registry-invalid', /include/],
    [
      'with a folder for no build',
      { buildIn: 'root' },
      'registry-invalid',
      /buildIn is for a build/,
    ],
  ] as const) {
    it(`${what} is refused`, async () => {
      assert.match(await sentenceOf(code, reading(changes)), pattern);
    });
  }
});
