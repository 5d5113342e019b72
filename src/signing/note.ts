import { createHash } from 'node:crypto';
import { MeshSimError } from '../base/errors.ts';
import { decodeBase64 } from './base64.ts';
import { verifySignature } from './ed25519.ts';
import type { SigningKey } from './keys.ts';

/** C2SP signed-note: text, an empty line, and signature lines `— <name> <base64(key hash ‖ signature)>`. Pure. */
const SIGNATURE_MARK = '\u2014';
const ED25519_KIND = Uint8Array.of(1);
const KEY_HASH_BYTES = 4;

/** SHA-256(name ‖ LF ‖ 0x01 ‖ public key), 32 bytes. */
export function noteKeyId(name: string, publicKeyHex: string): Uint8Array {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(ED25519_KIND)
    .update(Buffer.from(publicKeyHex, 'hex'))
    .digest();
}

/** The first four bytes of the key id: tells a verifier which key to try. */
export function noteKeyHash(name: string, publicKeyHex: string): Uint8Array {
  return noteKeyId(name, publicKeyHex).subarray(0, KEY_HASH_BYTES);
}

/** `<name>+<key hash>+<base64 key>`: how C2SP tools are given a verification key. */
export function noteVerifierKey(name: string, publicKeyHex: string): string {
  const hash = Buffer.from(noteKeyHash(name, publicKeyHex)).toString('hex');
  const key = Buffer.concat([ED25519_KIND, Buffer.from(publicKeyHex, 'hex')]).toString('base64');
  return `${name}+${hash}+${key}`;
}

/** Signs a text that ends with a newline. `name` has no white space and no plus sign. */
export function signNote(text: string, name: string, key: SigningKey): string {
  const signature = Buffer.concat([
    noteKeyHash(name, key.publicKey),
    key.sign(Buffer.from(text, 'utf8')),
  ]);
  return `${text}\n${SIGNATURE_MARK} ${name} ${signature.toString('base64')}\n`;
}

export interface ParsedNote {
  /** What was signed, with its final newline. */
  readonly text: string;
  readonly name: string;
  readonly keyHash: Uint8Array;
  readonly signature: Uint8Array;
}

/** Splits a note that carries exactly one signature, ours. Throws `signature-invalid`. */
export function parseNote(note: string): ParsedNote {
  const match = /^((?:[^\n]*\n)+)\n\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n$/u.exec(note);
  const bytes = decodeBase64(match?.[3] ?? '');
  if (match?.[1] === undefined || match[2] === undefined || bytes?.length !== 68) {
    throw new MeshSimError('signature-invalid', 'The checkpoint is not a note with one signature.');
  }
  return {
    text: match[1],
    name: match[2],
    keyHash: bytes.subarray(0, KEY_HASH_BYTES),
    signature: bytes.subarray(KEY_HASH_BYTES),
  };
}

/** True when the note's key hash and signature are those of the given name and key. */
export function verifyNote(note: ParsedNote, name: string, publicKeyHex: string): boolean {
  return (
    note.name === name &&
    Buffer.compare(note.keyHash, noteKeyHash(name, publicKeyHex)) === 0 &&
    verifySignature(note.signature, Buffer.from(note.text, 'utf8'), publicKeyHex)
  );
}
