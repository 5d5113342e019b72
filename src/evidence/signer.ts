import * as z from 'zod/mini';
import { MeshSimError } from '../base/errors.ts';
import type { DsseEnvelope } from '../model/evidence.ts';
import { digestSchema } from '../model/names.ts';
import { fingerprint } from '../signing/publicKey.ts';

export interface Signer {
  readonly publicKey: string;
  readonly isTrusted: boolean;
  readonly sentence: string;
}

/** The one place an embedded key is looked for in content nobody has verified yet. */
const peekSchema = z.looseObject({
  predicate: z.looseObject({
    meshsim_evidence: z.looseObject({
      resultSignature: z.looseObject({ publicKey: digestSchema }),
    }),
  }),
});

function embeddedKey(envelope: DsseEnvelope): string {
  const payload: unknown = JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8'));
  const peeked = peekSchema.safeParse(payload);
  if (peeked.success) return peeked.data.predicate.meshsim_evidence.resultSignature.publicKey;
  throw new MeshSimError('evidence-invalid', 'The file does not say which key signed it.');
}

/**
 * The key to verify with: the trusted one the envelope names. For an unknown signer it is the embedded key, which can
 * show that the file is intact but never makes it trusted. Throws `evidence-invalid`.
 */
export function findSigner(envelope: DsseEnvelope, trustedKeys: readonly string[]): Signer {
  const keyid = envelope.signatures[0]?.keyid ?? '';
  const trusted = trustedKeys.find((key) => fingerprint(key) === keyid);
  if (trusted !== undefined) {
    return { publicKey: trusted, isTrusted: true, sentence: `Signed by ${keyid}, trusted here.` };
  }
  const publicKey = embeddedKey(envelope);
  if (fingerprint(publicKey) !== keyid) {
    throw new MeshSimError('evidence-invalid', 'The file names one key and carries another.');
  }
  return {
    publicKey,
    isTrusted: false,
    sentence: `Signed by ${keyid}, which is not trusted here.`,
  };
}
