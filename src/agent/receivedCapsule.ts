import { ObjectStore } from '../capsule/objectStore.ts';
import type { Capsule } from '../model/capsule.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { NodeContent } from './content.ts';
import type { HeldCapsule } from './serviceSet.ts';

/** The Capsule that the mesh, or its own host, gave to the node; undefined: none yet. @param drifted what the host offers instead */
export function receivedCapsule(
  content: NodeContent,
  { offer }: Pick<LaunchCommand, 'offer'>,
  drifted: Capsule | undefined,
): HeldCapsule | undefined {
  const capsule = drifted ?? content.capsule;
  if (capsule === null) return undefined;
  const store =
    drifted === undefined || offer === undefined ? undefined : new ObjectStore(offer.storeFolder);
  const readChunk = async (digest: string) =>
    store === undefined ? content.shelf.read(digest) : await store.get(digest);
  return { capsule, servicesFolder: 'services', readChunk };
}
