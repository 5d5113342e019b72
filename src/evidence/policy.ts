import type { EvidenceExtension, MeshSimResult } from '../model/evidence.ts';

/** What a caller asks of genuine evidence. All are off when left out. */
export interface EvidencePolicy {
  /** Milliseconds since the Unix epoch; needed by `maxAgeMs`. */
  readonly now?: number;
  readonly maxAgeMs?: number;
  readonly minNodes?: number;
  readonly requireChaos?: boolean;
  readonly requirePass?: boolean;
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

function realityProblem({ environment, plan }: EvidenceExtension): string | undefined {
  if (environment.fidelity === 'virtual' || plan.world === 'virtual') {
    return 'It ran in virtual time: no service was started.';
  }
  if (plan.drift.length > 0) return 'A node was offered other commits than the signed ones.';
  return plan.params.verifySignatures ? undefined : 'Signature checks were switched off.';
}

/** The first part of the policy that genuine evidence does not meet; undefined when it meets all. */
export function policyProblem(
  evidence: EvidenceExtension,
  policy: EvidencePolicy,
): string | undefined {
  const { result } = evidence;
  const { nodes, chaosMode } = result.params;
  if (policy.requirePass === true && result.outcome !== 'pass') return 'The run failed.';
  if (policy.requireReal === true) {
    const problem = realityProblem(evidence);
    if (problem !== undefined) return problem;
  }
  if (policy.minNodes !== undefined && nodes < policy.minNodes) {
    return `The run had ${nodes} nodes; at least ${policy.minNodes} are required.`;
  }
  if (policy.requireChaos === true && chaosMode !== true) return 'The run had no chaos.';
  return ageProblem(result, policy);
}

export function isEmptyPolicy({
  maxAgeMs,
  minNodes,
  requireChaos,
  requirePass,
  requireReal,
}: EvidencePolicy): boolean {
  return (
    maxAgeMs === undefined &&
    minNodes === undefined &&
    requireChaos !== true &&
    requirePass !== true &&
    requireReal !== true
  );
}
