import type { Signer } from '../../model/provenanceApi.ts';
import type { AllowedSigner } from '../../signing/allowedSigners.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import { fingerprint } from '../../signing/publicKey.ts';

/** A key as a person knows it: fingerprint, the name in the user's list, and whether results of it are trusted. */
export function signerOf(publicKey: string, signers: readonly AllowedSigner[]): Signer {
  const known = signers.find((signer) => signer.publicKey === publicKey);
  return {
    publicKey,
    fingerprint: fingerprint(publicKey),
    ...(known === undefined ? {} : { name: known.principal }),
    isTrusted: keysAllowedFor(signers, 'mesh-sim').includes(publicKey),
  };
}
