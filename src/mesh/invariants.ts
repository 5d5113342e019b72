import type { Invariant } from '../model/evidence.ts';

/** What was observed of one node, for the invariants. */
export interface NodeFacts {
  readonly nodeId: string;
  /** Its last phase is `healthy` and ended well. */
  readonly healthy: boolean;
  /** Not down for good, not halted, not failed, and linked to n0 through such nodes by links that are up. */
  readonly reachable: boolean;
  /** False when a service of it was started although no Capsule had been verified in that incarnation. */
  readonly verifiedBeforeStart: boolean;
  /** Whether what it runs is the signed content; null when it ran nothing. */
  readonly runsSignedContent: boolean | null;
  /** The difference, as one sentence, when `runsSignedContent` is false. */
  readonly contentDetails?: string;
  /** Manifests and chunks it had refused and relayed all the same. */
  readonly relayedRefused: number;
  /** Manifests and chunks it refused. */
  readonly refused: number;
}

export interface InvariantFacts {
  readonly nodes: readonly NodeFacts[];
  /** Faults that never fired (ChaosDirector.unfired). */
  readonly unfired: readonly string[];
  /** Processes found alive after the run, as short descriptions. */
  readonly processesLeft: readonly string[];
}

/** The invariants of model/evidence INVARIANTS, in that order. */
export function checkInvariants(facts: InvariantFacts): Invariant[] {
  void facts;
  throw new Error('pending');
}
