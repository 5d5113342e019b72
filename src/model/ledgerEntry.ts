import * as z from 'zod/mini';
import { digestSchema, isoTimeSchema, simIdSchema } from './names.ts';

const signedBody = {
  body: digestSchema.check(z.describe('SHA-256 of the signed envelope in objects/')),
  payload: digestSchema.check(z.describe('SHA-256 of the bytes the envelope carries')),
  keyid: z.string(),
  publicKey: digestSchema,
  sig: z.base64(),
};

const common = {
  v: z.literal(1),
  at: isoTimeSchema,
  capsuleHash: digestSchema,
};

/** One leaf of the ledger. A leaf that stands for a signed thing carries its signature and public key. */
export const ledgerEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    ...signedBody,
    kind: z.literal('pack'),
    name: z.string(),
    services: z.int().check(z.minimum(1)),
    bytes: z.int().check(z.minimum(0)),
    dirty: z.boolean(),
    invocationId: z
      .optional(z.uuid())
      .check(z.describe('of this one pack; entries of earlier releases do not have it')),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('sim-started'),
    simId: simIdSchema,
    planDigest: digestSchema,
  }),
  z.strictObject({
    ...common,
    ...signedBody,
    kind: z.literal('sim-result'),
    simId: simIdSchema,
    outcome: z.enum(['pass', 'fail']),
    resultDigest: digestSchema,
  }),
  z.strictObject({
    ...common,
    ...signedBody,
    kind: z.literal('gate-decision'),
    environment: z.string(),
    decision: z.enum(['allow', 'deny']),
    evidence: z.optional(digestSchema),
  }),
  z.strictObject({
    ...common,
    ...signedBody,
    kind: z.literal('deploy'),
    environment: z.string(),
    status: z.enum(['deployed', 'failed', 'rolled-back']),
    decision: z
      .optional(digestSchema)
      .check(z.describe('body of the gate decision that let this Capsule in')),
  }),
]);

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

export type EntryKind = LedgerEntry['kind'];
export type EntryOf<K extends EntryKind> = Extract<LedgerEntry, { kind: K }>;
/** An entry that stands for a signed envelope, its body. */
export type SignedEntry = Extract<LedgerEntry, { body: string }>;
export type SignedKind = SignedEntry['kind'];
export type UnsignedEntry = Exclude<LedgerEntry, SignedEntry>;
