import type { DsseEnvelope } from '../model/dsse.ts';
import { dsseEnvelopeSchema } from '../model/dsse.ts';

/** What travels with a `manifest` message: u32 length, the manifest's bytes, the pack envelope as JSON. */
const LENGTH_BYTES = 4;

export interface SignedManifest {
  readonly bytes: Uint8Array;
  readonly envelope: DsseEnvelope;
}

export function encodeManifestPayload({ bytes, envelope }: SignedManifest): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes, Buffer.from(JSON.stringify(envelope))]);
}

/** Null when the bytes are not such a payload: they came from a peer and may be anything. */
export function decodeManifestPayload(payload: Buffer): SignedManifest | null {
  if (payload.length < LENGTH_BYTES) return null;
  const end = LENGTH_BYTES + payload.readUInt32LE(0);
  if (end > payload.length) return null;
  try {
    const envelope = dsseEnvelopeSchema.parse(JSON.parse(payload.toString('utf8', end)));
    return { bytes: payload.subarray(LENGTH_BYTES, end), envelope };
  } catch {
    return null;
  }
}
