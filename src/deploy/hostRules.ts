import { hostProblems, remoteHomes } from '../evidence/hostsShown.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import { fails, type Finding, holds } from './finding.ts';
import type { GateQuestion } from './gateFacts.ts';

/** Names the hosts that nodes lived on; they, and this machine, are such as the policy asks for. */
export function hostsAccepted(
  evidence: EvidenceExtension,
  { policy }: Pick<GateQuestion, 'policy'>,
): Finding {
  const problems = [...hostProblems(evidence, policy.hosts ?? {})];
  if (problems.length > 0) return fails(problems.join(' '));
  const remote = remoteHomes(evidence);
  if (remote.length === 0) {
    return policy.hosts === undefined
      ? undefined
      : holds('All nodes lived on the machine that rehearsed, which is accepted.');
  }
  const told = remote.map(({ nodeId, host, kind }) => `${nodeId} on ${host} (${kind})`).join(', ');
  const claimed =
    policy.hosts?.platform === undefined
      ? ''
      : ` They say of themselves that they are ${policy.hosts.platform}.`;
  return holds(`Nodes on other hosts: ${told}.${claimed}`);
}
