import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../../../src/base/errors.ts';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { packCapsule } from '../../../src/capsule/pack.ts';
import { signedFiles } from '../../../src/deploy/signedFiles.ts';
import type { Capsule } from '../../../src/model/capsule.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { commitAll, gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';

/** Larger than a pointer, and than one piece of a file that is read. */
const CONTENT = Buffer.alloc(300_000, 'picture');
const OID = sha256Hex(CONTENT);
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize ${CONTENT.length}\n`;

describe('files that Git LFS keeps', () => {
  let repo: string;
  let store: ObjectStore;
  let registryFile: string;
  let commit: string;
  let object: string;

  before(async () => {
    const folder = await temporaryFolder();
    repo = path.join(folder, 'repo');
    store = new ObjectStore(path.join(folder, 'objects'));
    registryFile = path.join(folder, 'mesh.services.json');
    await mkdir(path.join(repo, 'app'), { recursive: true });
    await gitIn(repo, 'init', '--quiet');
    // As a clone without the program git-lfs has them.
    for (const [name, text] of [
      ['a.txt', 'a'],
      ['b.png', POINTER],
      ['c.txt', `${POINTER.slice(0, -1)} `],
      ['d.txt', 'd'],
    ] as const) {
      await writeFile(path.join(repo, 'app', name), text);
    }
    commit = await commitAll(repo);
    object = path.join(repo, '.git/lfs/objects', OID.slice(0, 2), OID.slice(2, 4), OID);
    await mkdir(path.dirname(object), { recursive: true });
  });
  beforeEach(() => writeFile(object, CONTENT));

  async function pack(changes: object = {}): Promise<Capsule> {
    const service = { name: 'app', repo: 'repo', path: 'app', start: 'x', ...changes };
    const services = [{ ...service, health: { command: 'true' } }];
    await writeFile(registryFile, JSON.stringify({ name: 'shop', services }));
    return packCapsule({ registryFile, store });
  }

  const refusal = async (code: ErrorCode, changes: object) => sentenceOf(code, pack(changes));

  it('are packed with their content where the service says lfs', async () => {
    const capsule = await pack({ lfs: true });
    const files = await signedFiles(capsule, store, new AbortController().signal);
    assert.deepEqual(
      files.map((file) => file.path),
      ['capsule.json', 'app/a.txt', 'app/b.png', 'app/c.txt', 'app/d.txt'],
    );
    assert.equal(files[2]?.content, OID);
  });

  it('are refused as pointers, unless they are left out', async () => {
    assert.match(
      await refusal('registry-invalid', {}),
      /"b\.png" is a pointer of Git LFS.*"lfs": true/,
    );
    await refusal('registry-invalid', { lfs: false });
    await pack({ exclude: ['*.png'] });
  });

  it('are refused with the command that fetches what is not in the clone', async () => {
    await rm(object);
    const sentence = await refusal('git-failed', { lfs: true });
    assert.ok(sentence.includes(`"git -C ${repo} lfs fetch origin ${commit}"`), sentence);
  });

  it('are refused when the clone has something else', async () => {
    await writeFile(object, CONTENT.subarray(1));
    await refusal('git-failed', { lfs: true });
    await writeFile(object, Buffer.alloc(CONTENT.length, 'forged'));
    assert.match(
      await refusal('git-failed', { lfs: true }),
      /is not what its pointer says.*lfs fsck/,
    );
  });

  it('are looked for where the clone is told to keep them', async () => {
    await gitIn(repo, 'config', 'lfs.storage', '../elsewhere');
    assert.match(await refusal('git-failed', { lfs: true }), /not in this clone/);
    await gitIn(repo, 'config', '--unset', 'lfs.storage');
  });
});
