import { MeshSimError } from '../base/errors.ts';
import { decodeBase64 } from './base64.ts';
import type { SigningKey } from './keys.ts';
import { noteKeyId, parseNote, signNote, verifyNote } from './note.ts';

/** C2SP tlog-checkpoint: what a log commits to, as a signed note of three lines. Pure. */
export interface Checkpoint {
  /** Names the log; also the note's key name. Unique per ledger, or two ledgers would look like a fork. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

const HASH_BYTES = 32;

/**
 * The origin of one of our ledgers. It spells out the log key, so that anybody who holds a checkpoint can check its
 * signature, and only whose key it is remains a matter of trust. `nonce` tells two ledgers of one key apart.
 */
export function originOf(logPublicKey: string, nonce: string): string {
  return `mesh-sim/ledger/${logPublicKey}/${nonce}`;
}

/** The log key an origin spells out, 64 hex digits. Throws `signature-invalid` when it is not one of ours. */
export function logKeyOf(origin: string): string {
  const key = /^mesh-sim\/ledger\/([0-9a-f]{64})\/[0-9a-f]{16}$/.exec(origin)?.[1];
  if (key !== undefined) return key;
  throw new MeshSimError(
    'signature-invalid',
    `"${origin}" is not the origin of a mesh-sim ledger.`,
  );
}

/** What Sigstore calls the log's id: the hash a signed note abbreviates to four bytes. */
export function logIdOf(origin: string): Uint8Array {
  return noteKeyId(origin, logKeyOf(origin));
}

export function signCheckpoint(checkpoint: Checkpoint, key: SigningKey): string {
  const root = Buffer.from(checkpoint.root).toString('base64');
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${root}\n`;
  return signNote(text, checkpoint.origin, key);
}

/** Parses a checkpoint without judging its signature. Throws `signature-invalid`. */
export function parseCheckpoint(note: string): Checkpoint {
  const { text, name } = parseNote(note);
  const [origin, sizeText, rootText, ...rest] = text.slice(0, -1).split('\n');
  const root = decodeBase64(rootText ?? '');
  const isSize = /^(0|[1-9]\d{0,15})$/.test(sizeText ?? '');
  if (origin !== name || !isSize || root?.length !== HASH_BYTES || rest.length > 0) {
    throw new MeshSimError(
      'signature-invalid',
      'The checkpoint is malformed: it must hold the origin, the size and the root, one a line.',
    );
  }
  return { origin, size: Number(sizeText), root };
}

/** Parses a checkpoint and checks its signature by the log key (64 hex digits). Throws `signature-invalid`. */
export function verifyCheckpoint(note: string, logPublicKey: string): Checkpoint {
  const checkpoint = parseCheckpoint(note);
  if (!verifyNote(parseNote(note), checkpoint.origin, logPublicKey)) {
    throw new MeshSimError(
      'signature-invalid',
      `The checkpoint of "${checkpoint.origin}" at size ${checkpoint.size} is not signed by the given log key.`,
    );
  }
  return checkpoint;
}
