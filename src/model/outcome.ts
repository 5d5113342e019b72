import type { NodeReport } from './evidence.ts';
import { isViolated, UPGRADE_INVARIANTS, type StatedInvariant } from './invariants.ts';

/**
 * A run passed when every node's last phase is `healthy` and ended well, every node verified the Capsule's signature
 * (unless the plan switched that off), and no invariant was violated. The verifier recomputes it with this same rule.
 */
export function outcomeOf(
  nodeReports: readonly NodeReport[],
  invariants: readonly StatedInvariant[],
  verifySignatures: boolean,
): 'pass' | 'fail' {
  const nodesPassed = nodeReports.every((report) => {
    const last = report.phases.at(-1);
    const healthy = last?.name === 'healthy' && last.status === 'ok';
    return healthy && (report.signatureVerified || !verifySignatures);
  });
  return nodesPassed && !invariants.some(isViolated) ? 'pass' : 'fail';
}

/**
 * Why a run failed, one sentence: the node that did not end well, else the invariant that did not hold. A node that was killed
 * and came back is not a cause. Empty when neither says anything.
 */
export function causeOf(
  nodeReports: readonly NodeReport[],
  invariants: readonly StatedInvariant[],
): string {
  const ends = nodeReports.flatMap(({ phases }) => phases.at(-1) ?? []);
  const failed = ends.find(({ status, details }) => status === 'error' && details !== undefined);
  return failed?.details ?? firstViolated(invariants)?.details ?? '';
}

/**
 * The one that says why a run failed. Where all nodes ended well, an upgrade that has stopped is why faults of its later waves never
 * fired, and not the other way round.
 */
export function firstViolated<T extends StatedInvariant>(invariants: readonly T[]): T | undefined {
  const [first, ...more] = invariants.filter((one) => isViolated(one));
  if (first?.name !== 'converged') return first;
  const ofUpgrade: readonly string[] = UPGRADE_INVARIANTS;
  return more.find(({ name }) => ofUpgrade.includes(name)) ?? first;
}
