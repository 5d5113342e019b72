import assert from 'node:assert/strict';
import type { DsseEnvelope } from '../../../src/model/evidence.ts';
import { preAuthEncoding, signEnvelope, verifyEnvelope } from '../../../src/signing/dsse.ts';
import { keyNumber } from '../../support/sealedRun.ts';

const KEY = keyNumber(1);
const TYPE = 'application/vnd.in-toto+json';
const BODY = Buffer.from('{"hello":"wörld"}');

function refuses(envelope: DsseEnvelope, pattern: RegExp, publicKey = KEY.publicKey): void {
  assert.throws(() => verifyEnvelope(envelope, publicKey, TYPE), {
    code: 'signature-invalid',
    message: pattern,
  });
}

describe('DSSE envelopes', () => {
  const envelope = signEnvelope(TYPE, BODY, KEY);
  const [signature] = envelope.signatures as [{ keyid: string; sig: string }];

  it('encodes what is signed with lengths in bytes', () => {
    const encoded = Buffer.from(
      preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')),
    );
    assert.equal(encoded.toString(), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('returns the very bytes that were signed', () => {
    assert.deepEqual(Buffer.from(verifyEnvelope(envelope, KEY.publicKey, TYPE)), BODY);
  });

  it('refuses an altered body, another key and another type', () => {
    const altered = Buffer.from('{"hello":"werld"}').toString('base64');
    refuses({ ...envelope, payload: altered }, /does not match/);
    refuses(envelope, /names the key/, keyNumber(2).publicKey);
    refuses({ ...envelope, payloadType: 'text/plain' }, /text\/plain/);
  });

  it('refuses a signature made for another type, and one by another key under our key id', () => {
    const elsewhere = signEnvelope('text/plain', BODY, KEY);
    refuses({ ...elsewhere, payloadType: TYPE }, /does not match/);
    const [stranger] = signEnvelope(TYPE, BODY, keyNumber(2)).signatures as [typeof signature];
    refuses({ ...envelope, signatures: [{ ...signature, sig: stranger.sig }] }, /does not match/);
  });

  it('refuses no signature, and a second one even if it is good', () => {
    refuses({ ...envelope, signatures: [] }, /exactly one/);
    refuses({ ...envelope, signatures: [signature, signature] }, /exactly one/);
  });

  it('refuses a second spelling of the same base64', () => {
    refuses({ ...envelope, payload: `${envelope.payload}=` }, /base64/);
    refuses({ ...envelope, payload: `${envelope.payload}\n` }, /base64/);
  });
});
