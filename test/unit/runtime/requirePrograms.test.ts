import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requiredProgram } from '../../../src/agent/services/programLook.ts';
import { programServiceSchema } from '../../../src/model/registry.ts';
import { requirePrograms } from '../../../src/runtime/real/requirePrograms.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { sentenceOf } from '../../support/rejection.ts';

function serviceOf(program: object) {
  return programServiceSchema.parse({
    ...{ name: 'store', program: { requires: 'stored', ...program } },
    ...{ start: ['stored'], health: { command: ['true'] } },
  });
}

describe('a program that a service requires of the machine', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function install(script: string): Promise<string> {
    const text = `#!/bin/sh\n${script}\n`;
    await writeFile(path.join(folder, 'stored'), text);
    await chmod(path.join(folder, 'stored'), 0o755);
    return text;
  }

  const refused = (program: object = {}) =>
    sentenceOf('program-missing', requirePrograms([serviceOf(program)], folder));

  it('is looked for on the search path, and told with its Debian package where it is missing', async () => {
    await rm(path.join(folder, 'stored'), { force: true });
    assert.equal(
      await refused({ version: '>=2' }),
      'Service "store" needs the program stored >=2, which is not on the search path of this machine: install it, or add its folder to PATH.',
    );
    assert.match(await refused({ requires: 'etcd' }), /install it \(Debian: etcd-server\)/);
  });

  it('may be of any version where none is required, and need not say one', async () => {
    await install('exit 64');
    await requirePrograms([serviceOf({})], folder);
  });

  it('is refused where it is too old', async () => {
    await install('echo "stored, version 1.9.2 of many"');
    assert.equal(
      await refused({ version: '>=2' }),
      `Service "store" needs the program stored >=2, and ${folder}/stored on this machine is 1.9.2: install another version, or correct "version" in the registry.`,
    );
  });

  it('is refused where it says no version, with why', async () => {
    await install('echo 9.9.9; exit 64');
    assert.match(
      await refused({ version: '>=2' }),
      /but ".*stored --version" on this machine said no version \(it exited with code 64\): set "versionCommand"/,
    );
  });

  it('is asked as its registry says, and answers on stderr too', async () => {
    await install('[ "$1" = -V ] && echo "stored 2.4" >&2');
    await requirePrograms(
      [serviceOf({ version: '2.4', versionCommand: ['stored', '-V'] })],
      folder,
    );
  });

  const look = {
    ...{ where: 'n2', hiddenPath: '' },
    ask: () => Promise.resolve({ text: 'stored 3.1' }),
  };

  it('is known by path, version and digest of its file', async () => {
    const text = await install('exit 0');
    const { stamp, ...found } = await requiredProgram(serviceOf({ version: '>=3' }), {
      ...look,
      hostPath: folder,
    });
    const file = path.join(folder, 'stored');
    assert.deepEqual(found, { path: file, version: '3.1', sha256: sha256Hex(Buffer.from(text)) });
    assert.notEqual(stamp, '');
  });

  it('is refused where it was replaced while it was looked at: what was asked is not what has the digest', async () => {
    await install('exit 0');
    const ask = async () => {
      await install('exit 0; # another one');
      return { text: 'stored 3.1' };
    };
    assert.equal(
      await sentenceOf(
        'program-missing',
        requiredProgram(serviceOf({ version: '>=3' }), { ...look, ask, hostPath: folder }),
      ),
      `Service "store" needs the program stored >=3, and ${folder}/stored on n2 was replaced while it was looked at: run again.`,
    );
  });

  it('is not found on a node that does not see it', async () => {
    await install('exit 0');
    for (const hidden of [
      { hostPath: '', hiddenPath: folder },
      { hostPath: folder, hides: () => true },
    ]) {
      assert.match(
        await sentenceOf('program-missing', requiredProgram(serviceOf({}), { ...look, ...hidden })),
        /only found in the product's repository \(.*stored\), of which a node has nothing/,
      );
    }
  });
});
