import { ObjectStore } from '../capsule/objectStore.ts';
import type { Capsule } from '../model/capsule.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { NodeContent } from './content.ts';
import type { ManifestCheck } from './manifestCheck.ts';
import { encodeManifestPayload } from './manifestPayload.ts';

/** `drifted`: what it runs in the place of the Capsule that goes round; left out: nothing. `sentence`: why it was refused. */
export type TakenOffer = { readonly drifted?: Capsule } | { readonly sentence: string };

/**
 * The Capsule its own host gives a node goes through the very check that a neighbour's does. The entry node keeps all of it.
 * Undefined: its host gives it none, or one that is of no use to it.
 * @throws MeshSimError `object-missing`, `object-corrupt` when it is not in the store
 */
export async function takeOffer(
  { offer, source, verify }: LaunchCommand,
  content: NodeContent,
  check: ManifestCheck,
): Promise<TakenOffer | undefined> {
  if (offer === undefined) return undefined;
  const bytes = await new ObjectStore(offer.storeFolder).get(offer.capsuleHash);
  const payload = encodeManifestPayload({ bytes, envelope: offer.envelope });
  const verdict = check.payload(payload);
  if (!verdict.intact) return { sentence: verdict.sentence };
  if (source) {
    content.accept(payload, verdict.capsule);
    await content.fill(offer.storeFolder);
    return {};
  }
  // Let in without a check: it takes part in the mesh as the others do, but runs what it was given.
  return verify ? undefined : { drifted: verdict.capsule };
}
