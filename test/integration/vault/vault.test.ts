import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Decrypter } from 'age-encryption';
import type { PassphraseRequest } from '../../../src/vault/passphrases.ts';
import { passphraseSource } from '../../../src/vault/passphrases.ts';
import { Vault } from '../../../src/vault/vault.ts';
import { bundledChild } from '../../support/bundledChild.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const PASSPHRASE = 'correct horse battery';
/** Quick: what is tested here is not how long a guess takes. */
const WORK_FACTOR = 4;

describe('vault', () => {
  let folder: string;
  let programs: string;
  let child: string;
  before(async () => {
    programs = await temporaryFolder();
    child = await bundledChild('setSecret', programs);
  });
  after(() => rm(programs, { recursive: true }));
  beforeEach(async () => {
    folder = path.join(await temporaryFolder(), 'vault');
  });
  afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

  function vaultWith(passphrase = PASSPHRASE): Vault {
    const passphrases = { passphrase: () => Promise.resolve(passphrase) };
    return new Vault({ folder, passphrases, workFactor: WORK_FACTOR });
  }

  async function stored(scope = 'sim'): Promise<Record<string, string>> {
    return Object.fromEntries((await vaultWith().open(scope))?.secrets ?? []);
  }

  it('keeps scopes apart, in files that only the user can read', async () => {
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    await vaultWith().set('production', new Map([['TOKEN', 'the-real-one']]));
    await vaultWith().set('sim', new Map([['OTHER', 'another-value']]));
    assert.deepEqual(await stored(), { OTHER: 'another-value', TOKEN: 'simulated-value' });
    assert.deepEqual(await stored('production'), { TOKEN: 'the-real-one' });
    assert.deepEqual(await vaultWith().scopes(), ['production', 'sim']);
    if (process.platform === 'win32') return;
    for (const name of ['sim.age', 'production.age']) {
      assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600);
    }
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  it('writes what every age implementation opens, and nothing readable', async () => {
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    const bytes = await readFile(path.join(folder, 'sim.age'));
    assert.match(bytes.toString('latin1'), /^age-encryption\.org\/v1\n-> scrypt /);
    assert.ok(!bytes.includes('TOKEN') && !bytes.includes('simulated'));
    const decrypter = new Decrypter();
    decrypter.addPassphrase(PASSPHRASE);
    assert.ok((await decrypter.decrypt(bytes, 'text')).includes('simulated-value'));
  });

  it('removes a secret, and says so when there is none', async () => {
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    await vaultWith().remove('sim', 'TOKEN');
    assert.deepEqual(await stored(), {});
    await sentenceOf('secret-missing', vaultWith().remove('sim', 'TOKEN'));
  });

  it('keeps its fingerprint key over changes', async () => {
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    const before = (await vaultWith().open('sim'))?.key;
    await vaultWith().set('sim', new Map([['TOKEN', 'changed-value']]));
    assert.deepEqual((await vaultWith().open('sim'))?.key, before);
    assert.equal(before?.length, 32);
  });

  it('asks nobody about a scope that is not there', async () => {
    const passphrases = { passphrase: () => Promise.reject(new Error('asked')) };
    assert.equal(await new Vault({ folder, passphrases }).open('sim'), undefined);
  });

  it('takes the passphrase from the environment before it asks, and says when nobody can be asked', async () => {
    const given = passphraseSource({ MESH_SIM_VAULT_PASSPHRASE: PASSPHRASE });
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    assert.ok(await new Vault({ folder, passphrases: given }).open('sim'));
    const nobody = new Vault({ folder, passphrases: passphraseSource({}) });
    assert.match(await sentenceOf('vault-locked', nobody.open('sim')), /MESH_SIM_VAULT_PASSPHRASE/);
  });

  it('tells a cache of passphrases which were right', async () => {
    const told: [string, string, boolean][] = [];
    const vaultTelling = (passphrase: string) =>
      new Vault({
        folder,
        workFactor: WORK_FACTOR,
        passphrases: {
          passphrase: () => Promise.resolve(passphrase),
          tried: ({ purpose }: PassphraseRequest, tried, isRight) => {
            told.push([purpose, tried, isRight]);
            return Promise.resolve();
          },
        },
      });
    await vaultTelling(PASSPHRASE).set('sim', new Map([['TOKEN', 'simulated-value']]));
    await vaultTelling(PASSPHRASE).open('sim');
    await assert.rejects(vaultTelling('something else').open('sim'));
    assert.deepEqual(told, [
      ['create', PASSPHRASE, true],
      ['open', PASSPHRASE, true],
      ['open', 'something else', false],
    ]);
  });

  it('refuses a wrong passphrase, and changes nothing', async () => {
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    const set = vaultWith('something else').set('sim', new Map([['TOKEN', 'changed-value']]));
    assert.match(await sentenceOf('vault-locked', set), /does not open the vault scope "sim"/);
    assert.deepEqual(await stored(), { TOKEN: 'simulated-value' });
    await sentenceOf(
      'vault-locked',
      vaultWith('short').set('new', new Map([['A', 'long-enough']])),
    );
  });

  it('says that a file is damaged wherever it was cut or changed, and leaves it as it is', async () => {
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    const file = path.join(folder, 'sim.age');
    const whole = await readFile(file);
    for (const length of [0, 10, whole.length - 40, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length));
      assert.match(await sentenceOf('vault-damaged', vaultWith().open('sim')), /restore it/);
      await sentenceOf('vault-damaged', vaultWith().set('sim', new Map([['A', 'long-enough']])));
      assert.equal((await readFile(file)).length, length);
    }
    const changed = Buffer.from(whole);
    changed[whole.length - 20] = (changed[whole.length - 20] ?? 0) ^ 1;
    await writeFile(file, changed);
    await sentenceOf('vault-damaged', vaultWith().open('sim'));
  });

  it('does not take the file of another scope for its own', async () => {
    await vaultWith().set('production', new Map([['TOKEN', 'the-real-one']]));
    await rename(path.join(folder, 'production.age'), path.join(folder, 'sim.age'));
    assert.match(
      await sentenceOf('vault-damaged', vaultWith().open('sim')),
      /does not hold the scope "sim"/,
    );
  });

  it('refuses what could not be redacted or handed over, without telling it', async () => {
    const refusal = (name: string, value: string) =>
      sentenceOf('secret-invalid', vaultWith().set('sim', new Map([[name, value]])));
    assert.match(await refusal('TOKEN', 'abcde'), /shorter than 6 characters/);
    assert.match(await refusal('TOKEN', '   a    '), /shorter than 6 characters/);
    assert.match(await refusal('TOKEN', 'zero\0byte'), /zero byte/);
    assert.match(await refusal('TOKEN', 'x'.repeat(40_000)), /32 KiB/);
    assert.match(await refusal('9TOKEN', 'long-enough'), /name of an environment variable/);
    assert.ok(!(await refusal('TOKEN', 'abcde')).includes('abcde'));
    await sentenceOf('usage', vaultWith().set('../sim', new Map([['A', 'long-enough']])));
    assert.deepEqual(await vaultWith().scopes(), []);
  });

  it('keeps what was there when the disk is full', async function () {
    // A small disk of its own needs a mount, which Linux allows in a user namespace, where that is not forbidden.
    const unshare = ['--user', '--map-root-user', '--mount'];
    const probe = await ended(spawn('unshare', [...unshare, 'true']));
    if (probe.status !== 0) this.skip();
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    const script = `
      mkdir "$1/../disk" && cd "$1/../disk" && mount -t tmpfs -o size=16k tmpfs . && cd "$PWD" || exit 9
      mkdir vault && cp "$1/sim.age" vault/ && cat /dev/zero >fill 2>/dev/null
      "$2" "$3" "$PWD/vault" TOKEN 2>&1
      cmp "$1/sim.age" vault/sim.age && echo unchanged
      ls vault`;
    const args = [...unshare, 'sh', '-c', script, 'sh', folder, process.execPath, child];
    const { stdout } = await ended(spawn('unshare', args));
    assert.match(stdout, /could not be written \(ENOSPC\); it is as it was/);
    assert.match(stdout, /unchanged\nsim\.age\n$/);
  });

  it('loses nothing when processes write at once', async () => {
    await vaultWith().set('sim', new Map([['FIRST', 'simulated-value']]));
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const outcomes = await Promise.all(
      names.map((name) => ended(spawn(process.execPath, [child, folder, name]))),
    );
    for (const { status, stderr } of outcomes) assert.equal(status, 0, stderr);
    assert.deepEqual(Object.keys(await stored()), [...names, 'FIRST'].sort());
  });

  it('is whole after a writer was killed at any moment, and cleans up after it', async () => {
    await vaultWith().set('sim', new Map([['FIRST', 'simulated-value']]));
    for (let killed = 0; killed < 8; killed += 1) {
      const writer = spawn(process.execPath, [child, folder, 'AGAIN', 'forever']);
      // It says each change it has made; it is killed in the middle of a later one.
      for (let seen = 0; seen <= killed % 4; seen += 1) await once(writer.stdout, 'data');
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      assert.equal((await stored()).FIRST, 'simulated-value');
    }
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'sim.age.1.tmp'), 'unfinished');
    await vaultWith().set('sim', new Map([['LAST', 'simulated-value']]));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('says so when the file cannot be read', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    await vaultWith().set('sim', new Map([['TOKEN', 'simulated-value']]));
    await chmod(path.join(folder, 'sim.age'), 0);
    assert.match(await sentenceOf('vault-damaged', vaultWith().open('sim')), /cannot be read/);
  });
});

async function ended(child: ReturnType<typeof spawn>) {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text: Buffer) => (said.stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (said.stderr += text.toString()));
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  return { status, ...said };
}
