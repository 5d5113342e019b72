import type { Plan } from '../../model/plan.ts';
import type { EvidenceExtension, EvidenceStatement, MeshSimResult } from '../../model/evidence.ts';
import { observedOf, type Observed, type StatedInvariant } from '../../model/invariants.ts';
import type { RequiredProgram } from '../../model/requiredProgram.ts';
import type { NodeClaims } from './nodeClaims.ts';
import type { PlannedRun } from './plannedRun.ts';
import type { UpgradeClaims } from './upgradeClaims.ts';

/** What a statement claims, and what its plan lets a run be. */
export interface Claims {
  readonly statement: EvidenceStatement;
  readonly evidence: EvidenceExtension;
  readonly result: MeshSimResult;
  readonly plan: Plan;
  /** As evidence of its schema states them. */
  readonly invariants: readonly StatedInvariant[];
  /** Names of the Capsule's services, as its signed pack has them; undefined: it cannot be read, which another check tells. */
  readonly services: readonly string[] | undefined;
  /** Of these, the programs of the machine and what they require. */
  readonly programs: ReadonlyMap<string, RequiredProgram> | undefined;
  /** By index, n0 first: one for each node report. */
  readonly nodes: readonly NodeClaims[];
  /** Undefined when no run can have followed the plan: rules about what the plan allows have nothing to judge then. */
  readonly planned: PlannedRun | undefined;
  /** Undefined: it tells of no upgrade, or of one that no run can have had. */
  readonly upgrade: UpgradeClaims | undefined;
  /** ms between start and end. */
  readonly lastedMs: number;
}

/** One rule about what a statement says: a sentence for everything that contradicts it. */
export type Rule = (claims: Claims) => Iterable<string>;

/** Times of a statement are whole milliseconds: two of them may lie this much further apart than what they stand for. */
export const CLOCK_STEP_MS = 1;

export function isPass({ result }: Claims): boolean {
  return result.outcome === 'pass';
}

/** What it says of an invariant; undefined: nothing. */
export function observationOf({ invariants }: Claims, name: string): Observed | undefined {
  const found = invariants.find((invariant) => invariant.name === name);
  return found && observedOf(found);
}

/** Whether it says that this invariant held. */
export function held(claims: Claims, name: string): boolean {
  return observationOf(claims, name) === 'held';
}
