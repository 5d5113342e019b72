import type { Capsule } from '../model/capsule.ts';

/** JCS bytes of the in-toto Statement v1 with SLSA provenance v1 for a Capsule; the caller signs them with DSSE. */
export function packStatement(_capsule: Capsule): Uint8Array {
  throw new Error('not yet');
}
