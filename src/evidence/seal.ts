import { MeshSimError } from '../base/errors.ts';
import type { DsseEnvelope, MeshSimResult } from '../model/evidence.ts';
import type { RunObservation } from '../model/observation.ts';
import type { SigningKey } from '../signing/keys.ts';

export interface SealInput {
  readonly observation: RunObservation;
  readonly capsuleHash: string;
  /** The signed pack entry of the Capsule. */
  readonly packEnvelope: DsseEnvelope;
  /** `envelopeDigest` of the previous run's envelope for the same Capsule. */
  readonly previousSim?: string;
  readonly key: SigningKey;
}

export interface SealedRun {
  readonly result: MeshSimResult;
  readonly resultBytes: Uint8Array;
  /** SHA-256 of `resultBytes`. */
  readonly resultDigest: string;
  readonly statementBytes: Uint8Array;
  readonly envelope: DsseEnvelope;
}

export function sealRun(_input: SealInput): SealedRun {
  throw new MeshSimError('internal', 'Sealing is not there yet.');
}
