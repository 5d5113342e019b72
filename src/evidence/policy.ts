import type { EvidenceExtension, MeshSimResult } from '../model/evidence.ts';
import type { HostDemand } from '../model/hostDemand.ts';
import { isIsolated, isolationWords, type RequiredIsolation } from '../model/isolation.ts';
import { observedOf } from '../model/invariants.ts';
import { chaosShown } from './faultEffects.ts';
import { hostProblems } from './hostsShown.ts';

/** Whether its nodes were held up to be looked at, and ran on when it was sealed. */
export function isHeld(evidence: EvidenceExtension): boolean {
  return 'held' in evidence && evidence.held === true;
}

export const HELD_SENTENCE =
  'Its nodes were held up and ran on when it was sealed, so nobody saw what they leave: rehearse again without --hold.';

/** What a caller asks of genuine evidence. All are off when left out. */
export interface EvidencePolicy {
  /** Milliseconds since the Unix epoch; needed by `maxAgeMs`. */
  readonly now?: number;
  readonly maxAgeMs?: number;
  readonly minNodes?: number;
  /** A fault that fired and had an effect. */
  readonly requireChaos?: boolean;
  /** The least that every node must have had of its own. */
  readonly requireIsolation?: RequiredIsolation;
  /** Where its nodes must have lived. */
  readonly requireHosts?: HostDemand;
  readonly requirePass?: boolean;
  /** The Capsule that nodes must have been upgraded from, all of them. */
  readonly upgradeFrom?: string;
  /** They must have gone back to it on the way, whole. */
  readonly requireRollback?: boolean;
  /** Real processes, of the signed commits on every node, with signature checks on. */
  readonly requireReal?: boolean;
}

/** How far clocks of honest machines may differ. */
const MAX_SKEW_MS = 5 * 60_000;

const HOUR_MS = 3_600_000;

function ageProblem(result: MeshSimResult, policy: EvidencePolicy): string | undefined {
  if (policy.maxAgeMs === undefined) return undefined;
  // Without a clock no age can be judged, and what cannot be judged is not met.
  const ageMs = (policy.now ?? Number.NaN) - Date.parse(result.endedAt);
  if (ageMs < -MAX_SKEW_MS) return `The run ended at ${result.endedAt}, which is in the future.`;
  if (ageMs <= policy.maxAgeMs) return undefined;
  const hours = (milliseconds: number) => (milliseconds / HOUR_MS).toFixed(1);
  return `The run ended ${hours(ageMs)} h ago; at most ${hours(policy.maxAgeMs)} h are allowed.`;
}

function isolationProblem(
  { environment }: EvidenceExtension,
  required: RequiredIsolation,
): string | undefined {
  if (isIsolated(environment, required)) return undefined;
  return `Its nodes were isolated: ${isolationWords(environment)}; required is: ${required}.`;
}

function* realityProblems(evidence: EvidenceExtension): Iterable<string> {
  const { environment, plan } = evidence;
  if (environment.fidelity === 'virtual' || plan.world === 'virtual') {
    yield 'It ran in virtual time: no service was started.';
  }
  if (plan.drift.length > 0) yield 'A node was offered other commits than the signed ones.';
  if (!plan.params.verifySignatures) yield 'Signature checks were switched off.';
  if (isHeld(evidence)) yield HELD_SENTENCE;
}

function* upgradeProblems(evidence: EvidenceExtension, policy: EvidencePolicy): Iterable<string> {
  const { upgradeFrom, requireRollback } = policy;
  const upgrade = 'upgrade' in evidence ? evidence.upgrade : undefined;
  if (upgradeFrom !== undefined) {
    const from = upgrade?.from.digest.sha256;
    if (upgrade === undefined) {
      yield `It was a first start, not an upgrade from ${upgradeFrom}.`;
    } else if (from !== upgradeFrom) {
      yield `It was upgraded from ${from}, not from ${upgradeFrom}.`;
    } else if (upgrade.outcome !== 'completed') {
      yield `Its upgrade was not completed: it is "${upgrade.outcome}".`;
    }
  }
  if (requireRollback === true && !showsWayBack(evidence)) {
    yield 'It does not show that all nodes went back to the Capsule that ran before.';
  }
}

/** Whether nodes of an upgrade were all moved back, ran exactly the Capsule before, and were healthy. */
export function showsWayBack(evidence: EvidenceExtension): boolean {
  if (!('upgrade' in evidence)) return false;
  const wayBack = evidence.invariants.find(({ name }) => name === 'way-back');
  const hasHeld = wayBack !== undefined && observedOf(wayBack) === 'held';
  return hasHeld && evidence.upgrade.windows.some(({ window }) => window === 'rolled-back');
}

/** Everything of the policy that genuine evidence does not meet, a sentence each. */
export function* policyProblems(
  evidence: EvidenceExtension,
  policy: EvidencePolicy,
): Iterable<string> {
  const { result } = evidence;
  const { nodes } = result.params;
  if (policy.requirePass === true && result.outcome !== 'pass') yield 'The run failed.';
  if (policy.requireReal === true) yield* realityProblems(evidence);
  if (policy.minNodes !== undefined && nodes < policy.minNodes) {
    yield `The run had ${nodes} nodes; at least ${policy.minNodes} are required.`;
  }
  const chaos = policy.requireChaos === true ? chaosShown(evidence) : undefined;
  if (chaos?.isEnough === false) yield chaos.sentence;
  const isolation = isolationProblem(evidence, policy.requireIsolation ?? 'any');
  if (isolation !== undefined) yield isolation;
  yield* hostProblems(evidence, policy.requireHosts ?? {});
  yield* upgradeProblems(evidence, policy);
  const age = ageProblem(result, policy);
  if (age !== undefined) yield age;
}

export function isEmptyPolicy({
  maxAgeMs,
  minNodes,
  requireChaos,
  requireHosts,
  requireIsolation,
  requirePass,
  requireReal,
  requireRollback,
  upgradeFrom,
}: EvidencePolicy): boolean {
  return (
    maxAgeMs === undefined &&
    minNodes === undefined &&
    requireChaos !== true &&
    requireHosts === undefined &&
    (requireIsolation ?? 'any') === 'any' &&
    requirePass !== true &&
    requireReal !== true &&
    requireRollback !== true &&
    upgradeFrom === undefined
  );
}
