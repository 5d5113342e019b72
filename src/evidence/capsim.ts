import { MeshSimError } from '../base/errors.ts';
import type { DsseEnvelope } from '../model/evidence.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';

/** The bytes of a .capsim file: one Sigstore bundle v0.3 as canonical JSON. */
export function writeCapsim(_envelope: DsseEnvelope, _proof: InclusionProof): Uint8Array {
  throw new MeshSimError('internal', 'Writing is not there yet.');
}

export interface Capsim {
  readonly envelope: DsseEnvelope;
  readonly proof: InclusionProof;
}

/** Strictly reads the container; verifies no signature. Throws `evidence-invalid` or `evidence-too-large`. */
export function readCapsim(_bytes: Uint8Array): Capsim {
  throw new MeshSimError('internal', 'Reading is not there yet.');
}
