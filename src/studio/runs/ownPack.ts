import { MeshSimError } from '../../base/errors.ts';
import { fingerprint } from '../../signing/publicKey.ts';
import { findCapsule, type SignedCapsule } from '../capsules/findCapsule.ts';
import type { Workspace } from '../workspace/workspace.ts';

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
    `Capsule ${hash} was packed with the key ${fingerprint(publicKey)}, and results are signed with ${key.keyid} here: pack it again from the same commits, which gives the same hash.`,
  );
}

/** The Capsule that is to be rehearsed. @throws MeshSimError as findCapsule, of the key, `signer-untrusted` */
export async function findOwnCapsule(workspace: Workspace, prefix: string): Promise<SignedCapsule> {
  const signed = await findCapsule(workspace, prefix);
  assertOwnPack(signed, (await workspace.keyring()).capsule);
  return signed;
}
