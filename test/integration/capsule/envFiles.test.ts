import assert from 'node:assert/strict';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule, repackServiceAt } from '../../../src/capsule/pack.ts';
import type { Capsule } from '../../../src/model/capsule.ts';
import { inspectRegistry } from '../../../src/studio/capsules/inspectRegistry.ts';
import { commitAll, gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';

describe('values of committed files in .env form', () => {
  let folder: string;
  let repo: string;
  let store: ObjectStore;
  const registryFile = () => path.join(folder, 'mesh.services.json');

  beforeEach(async () => {
    folder = await temporaryFolder();
    repo = path.join(folder, 'repo');
    store = new ObjectStore(path.join(folder, 'objects'));
    await mkdir(path.join(repo, 'api'), { recursive: true });
    await gitIn(repo, 'init', '--quiet');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function commit(files: Record<string, string | Buffer>): Promise<string> {
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(repo, file), text);
    return commitAll(repo);
  }

  async function registry(service: object): Promise<string> {
    const health = { command: 'true' };
    const own = { name: 'api', repo: 'repo', path: 'api', start: 'x', health, ...service };
    const text = JSON.stringify({ name: 'shop', services: [own] });
    await writeFile(registryFile(), text);
    return text;
  }

  async function pack(service: object): Promise<Capsule> {
    await registry(service);
    return packCapsule({ registryFile: registryFile(), store });
  }

  const envOf = ({ manifest }: Capsule) => manifest.services[0]?.env;

  it('are packed into the environment: later files over earlier ones, and the registry over all', async () => {
    await commit({
      'api/.env.base': 'export A=1\nB="two\\n"\nC=file # not this\nEMPTY=\n',
      'api/.env.sim': "B=sim\nTEXT='${port:http}'\n",
    });
    const capsule = await pack({ envFiles: ['.env.base', '.env.sim'], env: { C: 'registry' } });
    assert.deepEqual(envOf(capsule), {
      ...{ A: '1', B: 'sim', C: 'registry', EMPTY: '', TEXT: '$${port:http}' },
    });
    assert.deepEqual(capsule.manifest.services[0], {
      ...capsule.manifest.services[0],
      envFiles: ['.env.base', '.env.sim'],
    });
  });

  it('are found from the path of the service, within its root', async () => {
    await commit({ '.env.shared': 'A=shared', 'api/.env': 'B=own' });
    const capsule = await pack({ root: '.', envFiles: ['../.env.shared', '.env'] });
    assert.deepEqual(envOf(capsule), { A: 'shared', B: 'own' });
  });

  it('drift with the commit they are in, and what the registry says does not', async () => {
    await commit({ 'api/.env': 'A=1\nGONE=1\n' });
    const capsule = await pack({ envFiles: ['.env'], env: { OWN: 'registry' } });
    const other = await commit({ 'api/.env': 'A=2\nNEW=2\n' });
    const drifted = await repackServiceAt({
      ...{ capsule, registryFolder: folder, service: 'api', commit: other, store },
    });
    assert.deepEqual(envOf(drifted), { A: '2', NEW: '2', OWN: 'registry' });
  });

  const SECRET = 'hunter2-and-more';
  for (const [what, files, service, sentence] of [
    ['is not there', {}, {}, /names "\.env", and nothing that is packed is called so: commit the/],
    ['is outside', { '.env': 'A=1' }, { envFiles: ['../.env'] }, /nothing that is packed is/],
    ['is left out', { 'api/.env': 'A=1', 'api/x': '' }, { exclude: ['.env'] }, /nothing that is p/],
    ['is odd', { 'api/.env': `A=1\n${SECRET}\n` }, {}, /cannot be read: \.env, line 2: expected N/],
    ['refers', { 'api/.env': `A=\${X}-${SECRET}` }, {}, /A \(line 1\) has \$\{…\}, which is not r/],
    [
      'gives a secret',
      { 'api/.env': `A=${SECRET}` },
      { secrets: ['A'] },
      /A \(line 1\) is a secret/,
    ],
    [
      'is no UTF-8',
      { 'api/.env': Buffer.from([0x41, 0x3d, 0xff]) },
      {},
      /which is not UTF-8: save/,
    ],
    ['is huge', { 'api/.env': `A=${'x'.repeat(300_000)}` }, {}, /has more than 262144 bytes/],
  ] as const) {
    it(`are refused where a file ${what}, in the editor too, and never shown`, async () => {
      await commit({ 'api/main': '', ...files });
      const refused = await sentenceOf(
        'registry-invalid',
        pack({ envFiles: ['.env'], ...service }),
      );
      assert.match(refused, /^Service "api": "envFiles" /);
      assert.match(refused, sentence);
      assert.ok(!refused.includes(SECRET));
      const text = await registry({ envFiles: ['.env'], ...service });
      const { signal } = new AbortController();
      const [problem] = await inspectRegistry({
        text,
        file: registryFile(),
        asksGit: true,
        signal,
      });
      assert.match(problem?.sentence ?? '', sentence);
    });
  }

  it('are refused where a file is a link', async () => {
    await commit({ 'api/real': 'A=1' });
    await symlink('real', path.join(repo, 'api/.env'));
    await commitAll(repo);
    assert.match(
      await sentenceOf('registry-invalid', pack({ envFiles: ['.env'] })),
      /names "\.env", and it is a link: commit the file/,
    );
  });
});
