import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { TEST_RESULT_PREDICATE } from '../../../src/model/evidence.ts';
import { publicKeyPem } from '../../../src/signing/publicKey.ts';
import { CAPSULE_BYTES, CAPSULE_KEY, capsimWorld } from '../../support/sealedRun.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

/** securesystemslib's own reading of the envelope in a bundle, with the key pinned by its id. */
const SECURESYSTEMSLIB = `
import json, sys
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
envelope = json.load(open(sys.argv[1]))["dsseEnvelope"]
key = SSlibKey(envelope["signatures"][0]["keyid"], "ed25519", "ed25519", {"public": sys.argv[2]})
Envelope.from_dict(envelope).verify([key], 1)
`;

async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  const { failed } = await execa(program, args, { reject: false, stdin: 'ignore' });
  return !failed;
}

/** The files a stranger would be handed. */
async function handedOver(folder: string) {
  const file = (name: string) => path.join(folder, name);
  const files = {
    capsim: file('x.capsim'),
    key: file('capsule.pub'),
    manifest: file('capsule.json'),
  };
  await writeFile(files.capsim, capsimWorld().bytes);
  await writeFile(files.key, publicKeyPem(CAPSULE_KEY.publicKey));
  await writeFile(files.manifest, CAPSULE_BYTES);
  return files;
}

describe('programs that know nothing of Mesh-Sim', () => {
  it('cosign verifies a .capsim as it is', async function () {
    if (!(await succeeds('cosign', 'version'))) this.skip();
    await withTemporaryFolder(async (folder) => {
      const { capsim, key, manifest } = await handedOver(folder);
      const { exitCode, stderr } = await execa(
        'cosign',
        [
          ...['verify-blob-attestation', '--bundle', capsim, '--key', key],
          ...['--insecure-ignore-tlog', '--type', TEST_RESULT_PREDICATE, manifest],
        ],
        { reject: false, stdin: 'ignore' },
      );
      assert.equal(exitCode, 0, stderr);
    });
  });

  it('python securesystemslib verifies the envelope in a .capsim', async function () {
    if (!(await succeeds('python3', '-c', 'import securesystemslib.dsse'))) this.skip();
    await withTemporaryFolder(async (folder) => {
      const { capsim } = await handedOver(folder);
      const args = ['-c', SECURESYSTEMSLIB, capsim, CAPSULE_KEY.publicKey];
      const { exitCode, stderr } = await execa('python3', args, { reject: false });
      assert.equal(exitCode, 0, stderr);
    });
  });
});
