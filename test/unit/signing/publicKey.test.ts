import assert from 'node:assert/strict';
import { keysAllowedFor, parseAllowedSigners } from '../../../src/signing/allowedSigners.ts';
import {
  allowedSignersLine,
  publicKeyFromPem,
  publicKeyPem,
} from '../../../src/signing/publicKey.ts';
import { configFolder } from '../../../src/signing/configFolder.ts';
import { keyNumber } from '../../support/sealedRun.ts';

const { publicKey } = keyNumber(1);
const other = keyNumber(2).publicKey;

describe('public keys', () => {
  it('survive the way through PEM', () => {
    assert.equal(publicKeyFromPem(publicKeyPem(publicKey), 'pub.pem'), publicKey);
  });

  it('are refused when they are private, garbled or of another algorithm', () => {
    const rsa = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEA\n-----END PUBLIC KEY-----\n';
    for (const pem of ['', '-----BEGIN PRIVATE KEY-----', rsa]) {
      assert.throws(() => publicKeyFromPem(pem, 'pub.pem'), {
        code: 'key-invalid',
        message: /pub\.pem/,
      });
    }
  });
});

describe('allowed signers', () => {
  it('gives back the key and the namespace it was written with', () => {
    const text = `# people\n${allowedSignersLine(publicKey, 'me', 'mesh-sim')}\n${allowedSignersLine(other, 'log', 'mesh-sim-ledger')}`;
    const signers = parseAllowedSigners(text);
    assert.deepEqual(keysAllowedFor(signers, 'mesh-sim'), [{ publicKey }]);
    assert.deepEqual(keysAllowedFor(signers, 'mesh-sim-ledger'), [{ publicKey: other }]);
  });

  it('lets a line without a namespace sign results, and no ledger', () => {
    const [, , type, key] = allowedSignersLine(publicKey, 'me').split(' ');
    const signers = parseAllowedSigners(`me ${type ?? ''} ${key ?? ''} a comment\r\n`);
    assert.deepEqual(keysAllowedFor(signers, 'mesh-sim'), [{ publicKey }]);
    assert.deepEqual(keysAllowedFor(signers, 'mesh-sim-ledger'), []);
  });

  it('trusts nobody through a line it cannot enforce or read', () => {
    const line = allowedSignersLine(publicKey, 'me');
    const hostile = [
      `#${line}`,
      line.replace('namespaces=', 'cert-authority,namespaces='),
      line.replace('namespaces="mesh-sim"', 'valid-before="20200132"'),
      line.replace('namespaces="mesh-sim"', 'valid-before="20200101",valid-after="20210101"'),
      line.replace('namespaces="mesh-sim"', 'namespaces="git"'),
      line.replace('ssh-ed25519', 'ssh-rsa'),
      line.slice(0, -6),
    ].join('\n');
    assert.deepEqual(keysAllowedFor(parseAllowedSigners(hostile), 'mesh-sim'), []);
  });
});

describe('config folder', () => {
  it('is where the environment says, or where the system keeps settings', () => {
    assert.equal(
      configFolder({ MESH_SIM_CONFIG: '/keys', XDG_CONFIG_HOME: '/xdg' }, 'linux'),
      '/keys',
    );
    assert.equal(configFolder({ XDG_CONFIG_HOME: '/xdg', HOME: '/me' }, 'linux'), '/xdg/mesh-sim');
    assert.equal(
      configFolder({ XDG_CONFIG_HOME: 'rel', HOME: '/me' }, 'linux'),
      '/me/.config/mesh-sim',
    );
    assert.equal(
      configFolder({ HOME: '/me' }, 'darwin'),
      '/me/Library/Application Support/mesh-sim',
    );
  });
});
