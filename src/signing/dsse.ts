import { MeshSimError } from '../base/errors.ts';
import type { DsseEnvelope } from '../model/evidence.ts';
import { decodeBase64 } from './base64.ts';
import { canonicalBytes } from './canonicalJson.ts';
import { sha256Hex } from './digest.ts';
import { verifySignature } from './ed25519.ts';
import type { SigningKey } from './keys.ts';
import { fingerprint } from './publicKey.ts';

/** DSSE v1.0.2 pre-authentication encoding: what is signed, so that the type is bound to the body. */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  const head = `DSSEv1 ${type.length} ${payloadType} ${body.length} `;
  return Buffer.concat([Buffer.from(head, 'utf8'), body]);
}

export function signEnvelope(payloadType: string, body: Uint8Array, key: SigningKey): DsseEnvelope {
  const signature = key.sign(preAuthEncoding(payloadType, body));
  return {
    payload: Buffer.from(body).toString('base64'),
    payloadType,
    signatures: [{ keyid: key.keyid, sig: Buffer.from(signature).toString('base64') }],
  };
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}

/**
 * Verifies the one signature of an envelope and returns the very bytes that were verified: use these, and do not decode
 * the payload again. Throws `signature-invalid`.
 */
export function verifyEnvelope(
  envelope: DsseEnvelope,
  publicKeyHex: string,
  expectedType: string,
): Uint8Array {
  const [signature, second] = envelope.signatures;
  if (signature === undefined || second !== undefined) {
    return refuse('The envelope must carry exactly one signature.');
  }
  if (envelope.payloadType !== expectedType) {
    return refuse(`The envelope holds "${envelope.payloadType}", not "${expectedType}".`);
  }
  const keyid = fingerprint(publicKeyHex);
  if (signature.keyid !== keyid) {
    return refuse(`The envelope names the key ${signature.keyid}, not ${keyid}.`);
  }
  const body = decodeBase64(envelope.payload);
  const sig = decodeBase64(signature.sig);
  if (body === undefined || sig === undefined) {
    return refuse('The envelope is not in canonical base64.');
  }
  if (!verifySignature(sig, preAuthEncoding(envelope.payloadType, body), publicKeyHex)) {
    return refuse(`The signature does not match the content under the key ${keyid}.`);
  }
  return body;
}

/** SHA-256 of the envelope's canonical bytes: how the ledger and evidence refer to it, and its name in objects/. */
export function envelopeDigest(envelope: DsseEnvelope): string {
  return sha256Hex(canonicalBytes(envelope));
}

/** What a ledger entry says of the signed thing it stands for. */
export interface SignedFields {
  readonly body: string;
  readonly payload: string;
  readonly keyid: string;
  readonly publicKey: string;
  readonly sig: string;
}

/** The fields a ledger entry carries for an envelope that was signed by, or verified with, the given public key. */
export function signedFields(envelope: DsseEnvelope, publicKeyHex: string): SignedFields {
  return {
    body: envelopeDigest(envelope),
    payload: sha256Hex(Buffer.from(envelope.payload, 'base64')),
    keyid: fingerprint(publicKeyHex),
    publicKey: publicKeyHex,
    sig: envelope.signatures[0]?.sig ?? '',
  };
}
