import * as z from 'zod/mini';
import { digestSchema } from './names.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** Every statement of this product is about one Capsule and nothing else. */
export const capsuleSubjectSchema = z
  .array(
    z.strictObject({
      name: z.literal('capsule.json'),
      digest: z.strictObject({ sha256: digestSchema }),
    }),
  )
  .check(z.length(1));

export function capsuleSubject(capsuleHash: string): z.output<typeof capsuleSubjectSchema> {
  return [{ name: 'capsule.json', digest: { sha256: capsuleHash } }];
}

/**
 * One kind of signed in-toto statement. All kinds share a key, a payload type and the shape of their subject, so whoever
 * opens an envelope says which kind it must hold: a signed refusal is no pack.
 */
export interface StatementKind<T> {
  /** As a person reads it, such as "a signed pack". */
  readonly name: string;
  readonly predicateType: string;
  /** Strict, down to the constants that tell this product's statements from others of the same predicate type. */
  readonly schema: z.ZodMiniType<T>;
  /** Of the payload. */
  readonly maxBytes: number;
}

/** The ledger a statement was signed for, so that none of another ledger passes for one of this. */
export const ledgerOriginSchema = z
  .string()
  .check(z.startsWith('mesh-sim/ledger/'), z.maxLength(256));
