import * as z from 'zod/mini';
import { MeshSimError } from '../base/errors.ts';
import type { DsseEnvelope } from '../model/evidence.ts';
import { digestSchema } from '../model/names.ts';
import { fingerprint } from '../signing/publicKey.ts';
import { whyUntrusted, type TrustedKey } from '../signing/trustedKeys.ts';

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
export function findSigner(envelope: DsseEnvelope, trustedKeys: readonly TrustedKey[]): Signer {
  const keyid = envelope.signatures[0]?.keyid ?? '';
  const trusted = trustedKeys.find(({ publicKey }) => fingerprint(publicKey) === keyid);
  if (trusted !== undefined) {
    const { publicKey } = trusted;
    return { publicKey, isTrusted: true, sentence: `Signed by ${keyid}, trusted here.` };
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

/** That signer as of the time at which the ledger says it was filed: a key may be trusted for a while. @param at ms since the Unix epoch */
export function signerAt(signer: Signer, trustedKeys: readonly TrustedKey[], at: number): Signer {
  const { publicKey, isTrusted } = signer;
  const why = isTrusted ? whyUntrusted(trustedKeys, publicKey, at) : undefined;
  if (why === undefined) return signer;
  const sentence = `Signed by ${fingerprint(publicKey)}, which ${why}.`;
  return { publicKey, isTrusted: false, sentence };
}
