import { showsWayBack } from '../evidence/policy.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import type { UpgradeEvidence } from '../model/upgradeEvidence.ts';
import { fails, type Finding, holds, must } from './finding.ts';
import type { GateQuestion } from './gateFacts.ts';

type Asked = Pick<GateQuestion, 'input' | 'policy'>;

const SHOWN = 12;

function short(hash: string): string {
  return hash.slice(0, SHOWN);
}

/** What a deploy would take the place of; empty: nothing that another Capsule is. */
export function replacedBy({
  active,
  capsuleHash,
}: Pick<GateQuestion['input'], 'active' | 'capsuleHash'>): readonly string[] {
  return active.filter((hash) => hash !== capsuleHash);
}

/** Where nothing is replaced there is no change to rehearse. */
function nothingReplaced({ input }: Asked): Finding {
  if (replacedBy(input).length > 0) return undefined;
  return holds(
    input.active.length === 0
      ? `Nothing was deployed to ${input.environment} yet: there is nothing to upgrade from.`
      : `This Capsule is active in ${input.environment} already: there is nothing to upgrade from.`,
  );
}

function upgradeOf(evidence: EvidenceExtension): UpgradeEvidence | undefined {
  return 'upgrade' in evidence ? evidence.upgrade : undefined;
}

/** The change that the deploy makes is the one that was rehearsed. */
export function upgradedFromActive(evidence: EvidenceExtension, asked: Asked): Finding {
  if (asked.policy.upgradeFrom !== 'active') return undefined;
  const nothing = nothingReplaced(asked);
  if (nothing !== undefined) return nothing;
  const { environment, active } = asked.input;
  const [one = '', ...others] = replacedBy(asked.input);
  if (others.length > 0 || active.length > 1) {
    return fails(
      `The record of the newest deploy to ${environment} does not verify, so any of ${active.map(short).join(', ')} may be active there: restore it, or go back to one of them by "mesh-sim rollback".`,
    );
  }
  const upgrade = upgradeOf(evidence);
  const wanted = `${short(one)} is active in ${environment} now`;
  if (upgrade === undefined) {
    return fails(
      `It was a first start on empty nodes, but ${wanted}: rehearse the upgrade from it.`,
    );
  }
  const from = upgrade.from.digest.sha256;
  if (from !== one) {
    return fails(`It upgraded from ${short(from)}, but ${wanted}: rehearse the upgrade from that.`);
  }
  return must(
    upgrade.outcome === 'completed',
    `It upgraded all nodes from ${short(from)}, which is active in ${environment} now.`,
    `Its upgrade from ${short(from)} was not completed: it is "${upgrade.outcome}".`,
  );
}

/** The way back was rehearsed too, from whichever Capsule. */
export function wentBack(evidence: EvidenceExtension, asked: Asked): Finding {
  if (!asked.policy.requireRollback) return undefined;
  const nothing = nothingReplaced(asked);
  if (nothing !== undefined) return nothing;
  const upgrade = upgradeOf(evidence);
  if (upgrade === undefined) return fails('It was no upgrade, so it shows no way back.');
  return must(
    showsWayBack(evidence),
    `It went back to ${short(upgrade.from.digest.sha256)} on the way, and all nodes ran it again.`,
    'It did not go back to the Capsule that ran before, with all nodes healthy there: rehearse with --rollback after-half.',
  );
}
