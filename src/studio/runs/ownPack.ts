import { MeshSimError } from '../../base/errors.ts';
import { fingerprint } from '../../signing/publicKey.ts';
import type { SignedCapsule } from '../capsules/findCapsule.ts';

/**
 * Evidence is signed with the key that packed its Capsule: it says of both "by the same key".
 * @param key that signs now @throws MeshSimError `signer-untrusted` where another one packed it
 */
export function assertOwnPack(
  { capsule, publicKey }: SignedCapsule,
  key: { readonly keyid: string; readonly publicKey: string },
): void {
  if (publicKey === key.publicKey) return;
  const hash = capsule.capsuleHash.slice(0, 12);
  throw new MeshSimError(
    'signer-untrusted',
    `Capsule ${hash} was packed with the key ${fingerprint(publicKey)}, and results are signed with ${key.keyid} here: pack it again, which gives the same hash.`,
  );
}
