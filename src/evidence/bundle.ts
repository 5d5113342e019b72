import * as z from 'zod/mini';
import { BUNDLE_MEDIA_TYPE, dsseEnvelopeSchema } from '../model/evidence.ts';
import { REKOR_KIND } from '../signing/ledgerLeaf.ts';

/** Protobuf's JSON form writes 64-bit integers as text. */
const int64 = z
  .string()
  .check(z.regex(/^(0|[1-9]\d{0,15})$/, 'must be a whole number, written as text'));
const bytes = z.base64();
const hash = bytes.check(z.length(44));

const logEntrySchema = z.strictObject({
  logIndex: int64,
  logId: z.strictObject({ keyId: hash }),
  kindVersion: z.strictObject({
    kind: z.literal(REKOR_KIND.kind),
    version: z.literal(REKOR_KIND.version),
  }),
  integratedTime: int64.check(z.describe('seconds since the Unix epoch')),
  inclusionProof: z.strictObject({
    logIndex: int64,
    rootHash: hash,
    treeSize: int64,
    hashes: z.array(hash).check(z.maxLength(64)),
    checkpoint: z.strictObject({ envelope: z.string().check(z.maxLength(4096)) }),
  }),
  canonicalizedBody: bytes.check(z.describe('the very bytes of the ledger leaf')),
});

/** The part of a Sigstore bundle v0.3 (protobuf-specs, sigstore_bundle.proto) that a .capsim uses; nothing else is let in. */
export const bundleSchema = z.strictObject({
  mediaType: z.literal(BUNDLE_MEDIA_TYPE),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string() }),
    tlogEntries: z.array(logEntrySchema).check(z.length(1)),
  }),
  dsseEnvelope: dsseEnvelopeSchema,
});

export type Bundle = z.infer<typeof bundleSchema>;
export type LogEntry = z.infer<typeof logEntrySchema>;
