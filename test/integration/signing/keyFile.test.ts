import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { keysAllowedFor } from '../../../src/signing/allowedSigners.ts';
import { loadOrCreateKey } from '../../../src/signing/keyFile.ts';
import { rotateKey } from '../../../src/signing/keyChange.ts';
import { openKeyring } from '../../../src/signing/keyring.ts';
import { readAllowedSigners } from '../../../src/signing/signersFile.ts';
import { allowedSignersLine } from '../../../src/signing/publicKey.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

const run = promisify(execFile);

describe('key files', () => {
  it('creates a key once, with mode 0600, and reads the same one again', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'deep', 'capsule.pem');
      const created = await loadOrCreateKey(file);
      assert.equal((await loadOrCreateKey(file)).publicKey, created.publicKey);
      if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(path.dirname(file)), ['capsule.pem']);
    }));

  it('ends with one key when many create it at once', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'capsule.pem');
      const keys = await Promise.all(Array.from({ length: 12 }, () => loadOrCreateKey(file)));
      assert.equal(new Set(keys.map((key) => key.publicKey)).size, 1);
    }));

  it('ends with one key when two processes create it at once', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'capsule.pem');
      const module = path.resolve(import.meta.dirname, '../../../src/signing/keyFile.ts');
      const script = `const { loadOrCreateKey } = await import(process.argv[1]);
        console.log((await loadOrCreateKey(process.argv[2])).publicKey);`;
      const create = () =>
        run(process.execPath, ['--input-type=module', '-e', script, module, file]);
      const [first, second] = await Promise.all([create(), create()]);
      assert.match(first.stdout, /^[0-9a-f]{64}\n$/);
      assert.equal(first.stdout, second.stdout);
    }));

  it('refuses a key that others can read', function () {
    if (process.platform === 'win32') this.skip();
    return withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'capsule.pem');
      await loadOrCreateKey(file);
      await chmod(file, 0o640);
      await assert.rejects(loadOrCreateKey(file), { code: 'key-exposed', message: /chmod 600/ });
    });
  });

  it('refuses a file it cannot read', () =>
    withTemporaryFolder(async (folder) => {
      // A folder in the key's place cannot be read by anybody, root included.
      const file = path.join(folder, 'capsule.pem');
      await mkdir(file, { mode: 0o700 });
      await assert.rejects(loadOrCreateKey(file), {
        code: 'key-unreadable',
        message: /capsule\.pem/,
      });
    }));

  it('refuses what is not an Ed25519 key, and leaves it as it is', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'capsule.pem');
      await writeFile(file, 'my shopping list\n', { mode: 0o600 });
      await assert.rejects(loadOrCreateKey(file), { code: 'key-invalid', message: /PKCS#8/ });
      assert.equal(await readFile(file, 'utf8'), 'my shopping list\n');
    }));

  it('agrees with ssh-keygen about the fingerprint', async function () {
    const isThere = await run('ssh-keygen', ['-?']).then(
      () => true,
      (error: unknown) => (error as { code?: unknown }).code !== 'ENOENT',
    );
    if (!isThere) this.skip();
    await withTemporaryFolder(async (folder) => {
      const key = await loadOrCreateKey(path.join(folder, 'capsule.pem'));
      const [, , type, base64] = allowedSignersLine(key.publicKey, 'me').split(' ');
      await writeFile(path.join(folder, 'key.pub'), `${type ?? ''} ${base64 ?? ''}\n`);
      const { stdout } = await run('ssh-keygen', ['-lf', path.join(folder, 'key.pub')]);
      assert.equal(stdout.split(' ')[1], key.keyid);
    });
  });

  it('writes PEM that openssl reads as the same key', async function () {
    const isThere = await run('openssl', ['version']).then(
      () => true,
      () => false,
    );
    if (!isThere) this.skip();
    await withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'capsule.pem');
      const key = await loadOrCreateKey(file);
      const { stdout } = await run('openssl', ['pkey', '-in', file, '-noout', '-text']);
      assert.ok(stdout.replaceAll(/[\s:]/g, '').includes(key.publicKey));
    });
  });
});

describe('keyring', () => {
  it('trusts its own two keys, each for its own purpose, and says so once', () =>
    withTemporaryFolder(async (folder) => {
      const { capsule, ledger } = await openKeyring(folder);
      await openKeyring(folder);
      const signers = await readAllowedSigners(path.join(folder, 'allowed_signers'));
      assert.equal(signers.length, 2);
      assert.deepEqual(keysAllowedFor(signers, 'mesh-sim'), [{ publicKey: capsule.publicKey }]);
      assert.deepEqual(keysAllowedFor(signers, 'mesh-sim-ledger'), [
        { publicKey: ledger.publicKey },
      ]);
    }));

  it('keeps the lines that are there, also when the last one is torn', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'allowed_signers');
      await writeFile(file, 'friend namespaces="mesh-sim" ssh-ed25519 AAAA');
      const { capsule } = await openKeyring(folder);
      assert.ok(
        (await readFile(file, 'utf8')).startsWith(
          'friend namespaces="mesh-sim" ssh-ed25519 AAAA\n',
        ),
      );
      assert.deepEqual(keysAllowedFor(await readAllowedSigners(file), 'mesh-sim'), [
        { publicKey: capsule.publicKey },
      ]);
    }));

  it('says of a key that is replaced whether a line trusted it until then', () =>
    withTemporaryFolder(async (folder) => {
      await openKeyring(folder);
      const at = Date.UTC(2026, 0, 31, 12);
      const first = await rotateKey(folder, undefined, at, {});
      assert.equal(first.isEnded, true);
      const file = path.join(folder, 'allowed_signers');
      const [ended] = await readAllowedSigners(file);
      assert.equal(ended?.validBefore, at);
      // Somebody has taken all lines out: nothing is ended that nobody trusted.
      await writeFile(file, '');
      const second = await rotateKey(folder, undefined, at, {});
      assert.deepEqual([second.isEnded, second.replaced], [false, first.keyring.capsule.keyid]);
    }));
});
