import type { Capsule } from '../model/capsule.ts';
import type { ObjectStore } from './objectStore.ts';

/** @throws MeshSimError `capsule-unknown` when the store has no such manifest, `capsule-invalid` when it is no manifest. */
export function loadCapsule(_store: ObjectStore, _capsuleHash: string): Promise<Capsule> {
  return Promise.reject(new Error('not yet'));
}

/** Parses manifest bytes (for example as received from a peer, after their signature was verified). */
export function capsuleFrom(_bytes: Uint8Array): Capsule {
  throw new Error('not yet');
}
