import { createHash } from 'node:crypto';
import { MeshSimError } from '../base/errors.ts';
import { decodeBase64 } from './base64.ts';
import { verifySignature } from './ed25519.ts';
import type { SigningKey } from './keys.ts';

/**
 * C2SP tlog-cosignature v1 (c2sp.org/tlog-cosignature): a witness says of a checkpoint that at a time it was consistent with all it
 * had seen of that log. A line `— <name> <base64(key hash ‖ u64 seconds, big-endian ‖ signature)>` of the note. Pure.
 */
const COSIGNATURE_KIND = Uint8Array.of(4);
const KEY_HASH_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;

export interface Cosignature {
  /** Raw Ed25519 public key of the witness, 64 hex digits, as its name spells it. */
  readonly publicKey: string;
  /** Seconds since the Unix epoch. */
  readonly time: number;
}

/** A checkpoint as its log signed it, and who has cosigned it since. */
export interface CosignedNote {
  /** With the log's signature alone. */
  readonly checkpoint: string;
  readonly cosignatures: readonly Cosignature[];
}

/** What a witness of ours is called: who holds the name can check its signatures, and only whose key it is remains a matter of trust. */
export function witnessName(publicKey: string): string {
  return `mesh-sim/witness/${publicKey}`;
}

/** The note with one more line. @param time seconds since the Unix epoch */
export function cosign(note: string, key: SigningKey, time: number): string {
  const name = witnessName(key.publicKey);
  const stamp = Buffer.alloc(TIME_BYTES);
  stamp.writeBigUInt64BE(BigInt(time));
  const signature = key.sign(messageOf(bodyOf(note), time));
  const bytes = Buffer.concat([keyHash(name, key.publicKey), stamp, signature]);
  return `${note}\u2014 ${name} ${bytes.toString('base64')}\n`;
}

/**
 * Splits a cosigned note, and checks each cosignature of a witness of ours by the key its name spells; lines of others are left out.
 * The log's signature is not judged. @throws MeshSimError `signature-invalid`
 */
export function readCosigned(note: string): CosignedNote {
  const body = bodyOf(note);
  const [first, ...lines] = note
    .slice(body.length + 1)
    .split('\n')
    .slice(0, -1);
  if (first === undefined) return refuse('It is not a checkpoint that was cosigned.');
  const cosignatures = lines.flatMap((line) => {
    const [, name = '', base64 = ''] =
      LINE.exec(line) ?? refuse('A line below it is no signature.');
    const publicKey = /^mesh-sim\/witness\/([0-9a-f]{64})$/.exec(name)?.[1];
    return publicKey === undefined ? [] : [verified(body, name, publicKey, base64)];
  });
  return { checkpoint: `${body}\n${first}\n`, cosignatures };
}

function verified(body: string, name: string, publicKey: string, base64: string): Cosignature {
  const bytes = decodeBase64(base64);
  if (bytes?.length !== KEY_HASH_BYTES + TIME_BYTES + SIGNATURE_BYTES) {
    return refuse(`The cosignature of ${name} has another length than it says.`);
  }
  const time = Number(Buffer.from(bytes).readBigUInt64BE(KEY_HASH_BYTES));
  const hash = bytes.subarray(0, KEY_HASH_BYTES);
  const signature = bytes.subarray(KEY_HASH_BYTES + TIME_BYTES);
  const isOurs = Buffer.compare(hash, keyHash(name, publicKey)) === 0;
  if (!isOurs || !verifySignature(signature, messageOf(body, time), publicKey)) {
    return refuse(`The cosignature of ${name} does not match the checkpoint.`);
  }
  return { publicKey, time };
}

/** The lines that are signed, with their final newline. */
function bodyOf(note: string): string {
  const end = note.indexOf('\n\n');
  return end < 0 ? refuse('It is not a signed checkpoint.') : note.slice(0, end + 1);
}

function messageOf(body: string, time: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${body}`, 'utf8');
}

function keyHash(name: string, publicKey: string): Uint8Array {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(COSIGNATURE_KIND)
    .update(Buffer.from(publicKey, 'hex'))
    .digest()
    .subarray(0, KEY_HASH_BYTES);
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}
