/** What must be true of any rollout. The page imports this file: it carries no validator. */
export const INVARIANTS = [
  'verified-before-start',
  'runs-signed-content',
  'refused-never-relayed',
  'converged',
  'no-process-left',
] as const;
/** Judged as well when the plan's `failOnObjectives` is set. */
export const OBJECTIVES_INVARIANT = 'objectives-met';
/** Judged as well when the plan's `failOnRegression` is set. */
export const REGRESSION_INVARIANT = 'no-regression';
/** Judged as well of an upgrade. */
export const UPGRADE_INVARIANTS = [
  'every-version-verified',
  'upgraded-runs-signed-content',
  'way-back',
  'served-throughout',
  'checks-held',
  'no-state-lost',
] as const;
export type InvariantName =
  | (typeof INVARIANTS)[number]
  | typeof OBJECTIVES_INVARIANT
  | typeof REGRESSION_INVARIANT
  | (typeof UPGRADE_INVARIANTS)[number];

/** Those that not every machine or run can judge. */
export const MAY_GO_UNOBSERVED: readonly string[] = [
  'no-process-left',
  REGRESSION_INVARIANT,
  // Of a product without state and checks, and where nobody asked its services.
  ...['served-throughout', 'checks-held', 'no-state-lost'],
];

/** `not-observed`: this machine could not judge it, so it neither held nor was violated. */
export const OBSERVED = ['held', 'violated', 'not-observed'] as const;
export type Observed = (typeof OBSERVED)[number];

export interface Invariant {
  readonly name: string;
  readonly observed: Observed;
  /** What was looked at, and what was seen, as one sentence; or why it could not be looked at. */
  readonly details: string;
}

/** One invariant as evidence states it: schema v1 knew no third answer and said `passed`. */
export type StatedInvariant =
  Invariant | (Omit<Invariant, 'observed'> & { readonly passed: boolean });

/** What was observed of an invariant, in evidence of either schema. */
export function observedOf(invariant: StatedInvariant): Observed {
  if ('observed' in invariant) return invariant.observed;
  return invariant.passed ? 'held' : 'violated';
}

/** True where it was seen to be broken; one that was not observed breaks nothing. */
export function isViolated(invariant: StatedInvariant): boolean {
  return observedOf(invariant) === 'violated';
}

/** Why nobody looked for processes of a run that was held up, one clause. */
export const HELD = 'its nodes were held up to be looked at, and ran on when this was recorded';

/** How the sentence of `no-process-left` says that it holds by construction, which takes isolation `full`. */
export const CONTAINED =
  'all that services started was in a process namespace of their node, which ends with all in it';
