import type { EvidenceExtension } from '../model/evidence.ts';
import { programWords } from '../model/programWords.ts';
import { fails, type Finding, holds } from './finding.ts';
import type { GateQuestion } from './gateFacts.ts';

/** Names the programs of the machine that services ran; of those the policy pins, each must be that very file, on every node. */
export function programsAccepted(
  evidence: EvidenceExtension,
  { policy }: Pick<GateQuestion, 'policy'>,
): Finding {
  const used = ('programs' in evidence ? evidence.programs : undefined) ?? [];
  for (const [service, pinned] of Object.entries(policy.programs ?? {})) {
    const own = used.filter((one) => one.service === service);
    const other = own.find(({ sha256 }) => sha256 !== pinned);
    if (own.length === 0) {
      return fails(
        `It does not show which program of the machine "${service}" ran, which is pinned.`,
      );
    }
    if (other !== undefined) {
      return fails(
        `"${service}" ran ${other.path} with SHA-256 ${other.sha256} on ${other.nodeId}; ${pinned} is pinned.`,
      );
    }
  }
  return used.length === 0
    ? undefined
    : holds(`Programs of the machine that ran: ${programWords(used).join('; ')}.`);
}
