import { MeshSimError } from '../base/errors.ts';
import { decodeBase64 } from './base64.ts';
import type { SigningKey } from './keys.ts';
import { parseNote, signNote, verifyNote } from './note.ts';

/** C2SP tlog-checkpoint: what a log commits to, as a signed note of three lines. Pure. */
export interface Checkpoint {
  /** Names the log; also the note's key name. Unique per ledger, or two ledgers would look like a fork. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

const HASH_BYTES = 32;

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
