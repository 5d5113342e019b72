import { MeshSimError } from '../base/errors.ts';
import type { EvidenceStatement } from '../model/evidence.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';

export interface VerifyOptions {
  /** Keys that may sign results, 64 hex digits each. */
  readonly trustedKeys: readonly string[];
  /** Keys that may sign the ledger's checkpoint. None: its signature is not judged, and the report says so. */
  readonly logKeys?: readonly string[];
  /** The bytes of a capsule.json the evidence must be about. */
  readonly capsuleBytes?: Uint8Array;
  readonly policy?: EvidencePolicy;
}

export interface EvidencePolicy {
  /** Milliseconds since the Unix epoch; needed by `maxAgeMs`. */
  readonly now?: number;
  readonly maxAgeMs?: number;
  readonly minNodes?: number;
  readonly requireChaos?: boolean;
}

export interface VerificationStep {
  readonly name: string;
  readonly status: 'ok' | 'failed' | 'skipped';
  readonly sentence: string;
}

export interface VerificationReport {
  /** 0 verified and trusted, 1 invalid, 3 intact but signer not trusted here, 4 policy not met. */
  readonly exitCode: 0 | 1 | 3 | 4;
  readonly verdict: 'verified' | 'invalid' | 'untrusted' | 'policy-not-met';
  /** In the order they were made; nothing after the first failure. */
  readonly steps: readonly VerificationStep[];
  /** Present once the file's content could be read; to be believed only when `verdict` is not `invalid`. */
  readonly statement?: EvidenceStatement;
  readonly statementBytes?: Uint8Array;
  readonly proof?: InclusionProof;
  /** Fingerprint of the key that signed. */
  readonly signer?: string;
  readonly signerPublicKey?: string;
}

/** The whole checklist of docs/capsim.md, fail closed. Pure: no I/O, no clock; never throws. */
export function verifyCapsim(_bytes: Uint8Array, _options: VerifyOptions): VerificationReport {
  throw new MeshSimError('internal', 'Verifying is not there yet.');
}
