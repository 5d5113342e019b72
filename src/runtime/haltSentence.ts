import type { Plan } from '../model/plan.ts';

/**
 * Why a node that was offered a drifted Capsule halted, naming what drifted; for a node without drift, `reason` itself.
 */
export function haltSentence(plan: Pick<Plan, 'drift'>, nodeId: string, reason: string): string {
  const drifted = plan.drift
    .filter(({ node }) => node === nodeId)
    .map(({ service, commit }) => `${service} ${commit.slice(0, 12)} is not the signed commit`);
  if (drifted.length === 0) return reason;
  return `${nodeId} halted in verify, signature mismatch: ${drifted.join(', ')}.`;
}
