import { MeshSimError, messageOf } from '../base/errors.ts';
import { BUNDLE_MEDIA_TYPE } from '../model/evidence.ts';
import type { DsseEnvelope } from '../model/evidence.ts';
import { canonicalBytes, parseCanonical } from '../signing/canonicalJson.ts';
import { logIdOf, parseCheckpoint } from '../signing/checkpoint.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';
import { REKOR_KIND, entryOfLeaf } from '../signing/ledgerLeaf.ts';
import { bundleSchema } from './bundle.ts';
import type { Bundle, LogEntry } from './bundle.ts';

/** The largest honest file, ten nodes with long logs of phases, has well under 1 MiB. */
export const MAX_CAPSIM_BYTES = 8 * 1024 * 1024;

export interface Capsim {
  readonly envelope: DsseEnvelope;
  readonly proof: InclusionProof;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Sigstore wants a time of entry in seconds; the entry itself has it in milliseconds. */
function integratedTime(leaf: Uint8Array): string {
  return String(Math.floor(Date.parse(entryOfLeaf(leaf).at) / 1000));
}

function logEntryOf(proof: InclusionProof): LogEntry {
  return {
    logIndex: String(proof.index),
    logId: { keyId: base64(logIdOf(parseCheckpoint(proof.checkpoint).origin)) },
    kindVersion: REKOR_KIND,
    integratedTime: integratedTime(proof.leaf),
    inclusionProof: {
      logIndex: String(proof.index),
      rootHash: base64(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(base64),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: base64(proof.leaf),
  };
}

function bundleOf({ envelope, proof }: Capsim): Bundle {
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      publicKey: { hint: envelope.signatures[0]?.keyid ?? '' },
      tlogEntries: [logEntryOf(proof)],
    },
    dsseEnvelope: envelope,
  };
}

/** The bytes of a .capsim file: one Sigstore bundle v0.3 as canonical JSON, without a final newline. */
export function writeCapsim(envelope: DsseEnvelope, proof: InclusionProof): Uint8Array {
  return canonicalBytes(bundleOf({ envelope, proof }));
}

function refuse(problem: string, cause?: unknown): never {
  throw new MeshSimError('evidence-invalid', `This is not a .capsim file: ${problem}`, { cause });
}

/** Size and JSON hygiene: the file must be the canonical JSON of something. */
export function parseCapsim(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_CAPSIM_BYTES) {
    throw new MeshSimError(
      'evidence-too-large',
      `The file has ${bytes.length} bytes; a .capsim has at most ${MAX_CAPSIM_BYTES}.`,
    );
  }
  if (bytes.length === 0) return refuse('it is empty.');
  try {
    return parseCanonical(bytes, MAX_CAPSIM_BYTES);
  } catch (error) {
    return refuse(messageOf(error), error);
  }
}

function decode(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}

function capsimOf({ verificationMaterial, dsseEnvelope }: Bundle): Capsim {
  const [entry] = verificationMaterial.tlogEntries;
  if (entry === undefined) return refuse('it carries no ledger proof.');
  const { inclusionProof } = entry;
  return {
    envelope: dsseEnvelope,
    proof: {
      index: Number(entry.logIndex),
      treeSize: Number(inclusionProof.treeSize),
      leaf: decode(entry.canonicalizedBody),
      hashes: inclusionProof.hashes.map(decode),
      rootHash: decode(inclusionProof.rootHash),
      checkpoint: inclusionProof.checkpoint.envelope,
    },
  };
}

/**
 * The strict schema, and no second way to say anything: what the bundle states twice must agree, and writing what was
 * read must give the same value again. Throws `evidence-invalid`.
 */
export function capsimIn(value: unknown): Capsim {
  const parsed = bundleSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it has another shape'}.`);
  }
  const capsim = capsimOf(parsed.data);
  let again: Bundle;
  try {
    again = bundleOf(capsim);
  } catch (error) {
    return refuse(messageOf(error), error);
  }
  if (Buffer.compare(canonicalBytes(again), canonicalBytes(parsed.data)) !== 0) {
    return refuse('its key hint or a copy of a ledger fact does not agree with the original.');
  }
  return capsim;
}

/** Strictly reads the container; verifies no signature. Throws `evidence-invalid` or `evidence-too-large`. */
export function readCapsim(bytes: Uint8Array): Capsim {
  return capsimIn(parseCapsim(bytes));
}
