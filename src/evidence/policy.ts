import type { MeshSimResult } from '../model/evidence.ts';

/** What a caller asks of genuine evidence. All are off when left out. */
export interface EvidencePolicy {
  /** Milliseconds since the Unix epoch; needed by `maxAgeMs`. */
  readonly now?: number;
  readonly maxAgeMs?: number;
  readonly minNodes?: number;
  readonly requireChaos?: boolean;
  readonly requirePass?: boolean;
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

/** The first part of the policy that genuine evidence does not meet; undefined when it meets all. */
export function policyProblem(result: MeshSimResult, policy: EvidencePolicy): string | undefined {
  const { nodes, chaosMode } = result.params;
  if (policy.requirePass === true && result.outcome !== 'pass') return 'The run failed.';
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
}: EvidencePolicy): boolean {
  return (
    maxAgeMs === undefined &&
    minNodes === undefined &&
    requireChaos !== true &&
    requirePass !== true
  );
}
