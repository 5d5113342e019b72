import type { Signer } from '../../model/provenanceApi.ts';
import type { AllowedSigner } from '../../signing/allowedSigners.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import { isTrustedAt } from '../../signing/trustedKeys.ts';
import { fingerprint } from '../../signing/publicKey.ts';

/** A key as a person knows it: fingerprint, the name in the user's list, and whether what it signed then is trusted. @param at ms since the Unix epoch */
export function signerOf(publicKey: string, signers: readonly AllowedSigner[], at: number): Signer {
  const known = signers.find((signer) => signer.publicKey === publicKey);
  return {
    publicKey,
    fingerprint: fingerprint(publicKey),
    ...(known === undefined ? {} : { name: known.principal }),
    isTrusted: isTrustedAt(keysAllowedFor(signers, 'mesh-sim'), publicKey, at),
  };
}
