import type { VerificationReport } from '../evidence/verify.ts';
import type { EffectivePolicy } from '../model/deploy.ts';
import type { ServiceObjective } from '../model/serviceMeasures.ts';
import type { TrustedKey } from '../signing/trustedKeys.ts';

/** One rehearsal of the Capsule, as the ledger has it. */
export interface RunFacts {
  readonly simId: string;
  /** Ledger index of its start. */
  readonly startedAt: number;
  /** Absent: started, and never sealed. */
  readonly result?: {
    readonly index: number;
    /** RFC 6962 hash of its ledger leaf, 64 hex digits. */
    readonly leafHash: string;
    /** Digest of the signed envelope the entry stands for. */
    readonly body: string;
    readonly outcome: 'pass' | 'fail';
  };
}

/** The newest pack of the Capsule. `problem`: why its signature or content does not hold, one sentence. */
export interface PackFacts {
  readonly publicKey: string;
  /** When the ledger took it in, ISO 8601. */
  readonly at: string;
  /** A key that is trusted here signed that this very Capsule was packed, whatever has become of its content. */
  readonly isVouchedFor: boolean;
  readonly isDirty: boolean;
  readonly problem?: string;
  readonly objectives: readonly ServiceObjective[];
}

/** The bytes of the newest sealed rehearsal; `problem` says why there are none, or why a stored copy does not hold. */
export interface StoredEvidence {
  readonly bytes?: Uint8Array;
  readonly problem?: string;
}

/** A signed record of the Capsule that does not verify: altered, missing, or not what rests on what it says. */
export interface UnprovenRecord {
  /** Of its ledger entry. */
  readonly index: number;
  /** Such as "gate decision of production". */
  readonly name: string;
  /** One sentence. */
  readonly problem: string;
}

/** All the gate looks at. It is told no verdict of anyone else: the evidence comes as bytes. */
export interface GateInput {
  readonly environment: string;
  readonly capsuleHash: string;
  readonly ledger: {
    /** Why it does not hold, one sentence; absent: every entry and proof does. */
    readonly problem?: string;
    /** The latest time any entry states, ISO 8601: a clock set back stays found out, whatever was logged since. */
    readonly newestAt?: string;
  };
  /** Undefined: never packed here. */
  readonly pack: PackFacts | undefined;
  /**
   * Those that were recorded since the newest pack, and what they rest on. Older ones are history: a Capsule that is packed
   * again is not condemned for ever by a record that was altered.
   */
  readonly unproven: readonly UnprovenRecord[];
  readonly runs: readonly RunFacts[];
  /** Of the run with the newest result. */
  readonly evidence: StoredEvidence | undefined;
  /**
   * What may be active in the environment now, by the ledger; empty: nothing was deployed there yet. The first is what the newest
   * deploy says. Where its record does not verify there are more, down to the newest that does: nobody can tell which is.
   */
  readonly active: readonly string[];
  /** Keys that may sign results here, and this user's own, if there is one. */
  readonly trustedKeys: readonly TrustedKey[];
  readonly ownKey: string | undefined;
  /** The key that signs this ledger's checkpoints; undefined: it is not here, and the ledger is broken. */
  readonly logKey: string | undefined;
  /** Why the gate is to be overridden. */
  readonly breakGlass?: string;
}

/** What is so of a Capsule, whichever environment is asked about. */
export type GateFacts = Omit<GateInput, 'environment' | 'active' | 'breakGlass'>;

/** What a `.capsim` says of the ledger entry it is the file of. */
export interface FilePlace {
  readonly envelopeDigest: string;
  readonly index: number;
  readonly leafHash: string;
}

/** What every rule is asked about. */
export interface GateQuestion {
  readonly input: GateInput;
  readonly policy: EffectivePolicy;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly newest: (RunFacts & Required<Pick<RunFacts, 'result'>>) | undefined;
  /** The gate's own verification of the evidence. */
  readonly report: VerificationReport | undefined;
  /** Where the file says it stands in the ledger; undefined: it could not be read. */
  readonly place: FilePlace | undefined;
}
