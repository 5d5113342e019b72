import { MeshSimError } from '../base/errors.ts';
import { ledgerEntrySchema } from '../model/ledgerEntry.ts';
import type { LedgerEntry } from '../model/ledgerEntry.ts';
import { canonicalBytes, parseCanonical } from './canonicalJson.ts';
import { publicKeyPem } from './publicKey.ts';

/** C2SP tlog-tiles stores an entry behind a 16-bit length. */
export const MAX_LEAF_BYTES = 65_535;

/** `kind` and `apiVersion` of a Rekor log entry for a DSSE envelope. */
export const REKOR_KIND = { kind: 'dsse', version: '0.0.1' } as const;

type SignedEntry = Extract<LedgerEntry, { sig: string }>;

function sha256Field(value: string): { algorithm: 'sha256'; value: string } {
  return { algorithm: 'sha256', value };
}

/**
 * Sigstore verifiers load a bundle only if the log entry in it is one of Rekor's kinds. So the leaf of a signed entry is
 * Rekor's `dsse` 0.0.1 entry for the envelope, with our own facts beside it in `entry`, which they ignore.
 */
function rekorLeaf(entry: SignedEntry): unknown {
  const verifier = Buffer.from(publicKeyPem(entry.publicKey)).toString('base64');
  return {
    apiVersion: REKOR_KIND.version,
    kind: REKOR_KIND.kind,
    spec: {
      envelopeHash: sha256Field(entry.body),
      payloadHash: sha256Field(entry.payload),
      signatures: [{ signature: entry.sig, verifier }],
    },
    entry,
  };
}

/** The bytes of a ledger leaf: canonical JSON of the entry, wrapped for Sigstore when the entry stands for an envelope. */
export function leafBytes(entry: LedgerEntry): Uint8Array {
  const bytes = canonicalBytes('sig' in entry ? rekorLeaf(entry) : entry);
  if (bytes.length > MAX_LEAF_BYTES) {
    throw new MeshSimError(
      'usage',
      `A ledger entry has at most ${MAX_LEAF_BYTES} bytes and this one has ${bytes.length}: store the body as an object.`,
    );
  }
  return bytes;
}

function entryIn(value: unknown): unknown {
  const isWrapped = typeof value === 'object' && value !== null && 'entry' in value;
  return isWrapped ? value.entry : value;
}

/** The entry of a leaf. Throws `ledger-broken` when the bytes are not exactly what `leafBytes` writes for it. */
export function entryOfLeaf(bytes: Uint8Array): LedgerEntry {
  const parsed = ledgerEntrySchema.safeParse(entryIn(parseCanonical(bytes, MAX_LEAF_BYTES)));
  if (!parsed.success || Buffer.compare(leafBytes(parsed.data), bytes) !== 0) {
    throw new MeshSimError('ledger-broken', 'A ledger leaf does not hold a ledger entry.');
  }
  return parsed.data;
}
