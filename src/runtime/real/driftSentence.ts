import type { RealRunOptions } from './options.ts';

/** The agent's sentence about a Capsule it was offered, with what the plan says was drifted. */
export function driftSentence(
  { plan }: Pick<RealRunOptions, 'plan'>,
  nodeId: string,
  sentence: string,
): string {
  const drift = plan.drift.filter(({ node }) => node === nodeId);
  if (drift.length === 0) return sentence;
  const services = drift.map(({ service, commit }) => `"${service}" at ${commit.slice(0, 12)}`);
  return `${nodeId} was offered service ${services.join(' and ')} and halted: ${sentence}.`;
}
