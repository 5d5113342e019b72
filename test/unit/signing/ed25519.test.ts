import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { hashes, Point, verify } from '@noble/ed25519';
import {
  assertSoundPublicKey,
  nobleAccepts,
  privateKeyOf,
  publicKeyOf,
  signMessage,
  verifySignature,
} from '../../../src/signing/ed25519.ts';
import { vectorOrSkip } from '../../support/vectors.ts';

// The library verifies with a hash that its user gives it; the product asks it for points only.
hashes.sha512 = (message) => new Uint8Array(createHash('sha512').update(message).digest());

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function libraryAccepts(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

interface Wycheproof {
  testGroups: {
    publicKey: { pk: string };
    tests: { tcId: number; msg: string; sig: string; result: string }[];
  }[];
}

describe('Ed25519', () => {
  it('signs and verifies the vectors of RFC 8032', function () {
    const vectors = vectorOrSkip(this, 'rfc8032-ed25519.json') as {
      priv: string;
      pub: string;
      msg: string;
      sig: string;
    }[];
    assert.ok(vectors.length > 0);
    for (const { priv, pub, msg, sig } of vectors.slice(0, 200)) {
      assert.equal(publicKeyOf(privateKeyOf(hex(priv.slice(0, 64)))), pub);
      assert.equal(
        Buffer.from(signMessage(hex(msg), privateKeyOf(hex(priv.slice(0, 64))))).toString('hex'),
        sig,
      );
      assert.ok(verifySignature(hex(sig), hex(msg), pub));
    }
  });

  it('judges the Wycheproof vectors as they say', function () {
    const { testGroups } = vectorOrSkip(this, 'wycheproof-ed25519_test.json') as Wycheproof;
    for (const { publicKey, tests } of testGroups) {
      for (const { tcId, msg, sig, result } of tests) {
        const accepted = verifySignature(hex(sig), hex(msg), publicKey.pk);
        assert.equal(accepted, result === 'valid', `tcId ${tcId}`);
      }
    }
  });

  it('rejects every encoding on which verifiers disagree', function () {
    const vectors = vectorOrSkip(this, 'noble-edge-cases.json') as {
      message: string;
      pub_key: string;
      signature: string;
    }[];
    const accepted = vectors.filter(({ message, pub_key, signature }) =>
      verifySignature(hex(signature), hex(message), pub_key),
    );
    for (const { pub_key } of accepted) assertSoundPublicKey(pub_key);
    assert.ok(accepted.length < vectors.length / 2);
  });

  it("judges exactly as the library's own strict verification, vectors and altered signatures alike", function () {
    const { testGroups } = vectorOrSkip(this, 'wycheproof-ed25519_test.json') as Wycheproof;
    const edges = vectorOrSkip(this, 'noble-edge-cases.json') as {
      message: string;
      pub_key: string;
      signature: string;
    }[];
    const cases = [
      ...testGroups.flatMap(({ publicKey, tests }) =>
        tests.map(({ msg, sig }) => [sig, msg, publicKey.pk] as const),
      ),
      ...edges.map(({ signature, message, pub_key }) => [signature, message, pub_key] as const),
    ];
    const key = publicKeyOf(privateKeyOf(new Uint8Array(32).fill(7)));
    const honest = signMessage(hex('00ff'), privateKeyOf(new Uint8Array(32).fill(7)));
    for (let bit = 0; bit < honest.length * 8; bit += 7) {
      const altered = Uint8Array.from(honest);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      cases.push([Buffer.from(altered).toString('hex'), '00ff', key]);
    }
    let accepted = 0;
    for (const [sig, msg, publicKey] of cases) {
      const library = libraryAccepts(hex(sig), hex(msg), hex(publicKey));
      assert.equal(nobleAccepts(hex(sig), hex(msg), hex(publicKey)), library, sig);
      accepted += Number(library);
    }
    assert.ok(accepted > 80 && accepted < cases.length);
  });

  it('rejects a signature anybody can make under the neutral point', () => {
    const neutral = Point.ZERO.toHex();
    const forged = Buffer.concat([Buffer.from(neutral, 'hex'), Buffer.alloc(32)]);
    assert.equal(verifySignature(forged, Buffer.from('pay me'), neutral), false);
    assert.throws(() => assertSoundPublicKey(neutral), { code: 'key-invalid', message: /order/ });
  });

  it('refuses keys that are not canonical or not on the curve', () => {
    const nonCanonical = 'ee'.padEnd(62, 'f') + '7f';
    assert.throws(() => assertSoundPublicKey(nonCanonical), { code: 'key-invalid' });
    assert.throws(() => assertSoundPublicKey('02'.padEnd(64, '0')), { code: 'key-invalid' });
  });

  it('rejects inputs of the wrong size without throwing', () => {
    assert.equal(verifySignature(Buffer.alloc(63), Buffer.alloc(1), 'ab'.repeat(32)), false);
    assert.equal(verifySignature(Buffer.alloc(64), Buffer.alloc(1), 'zz'), false);
  });
});
