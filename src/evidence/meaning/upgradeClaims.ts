import { plannedLegs, type Leg } from '../../mesh/upgrade/waves.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import { nodeIndexOf } from '../../model/nodeIds.ts';
import type { UpgradeEvidence } from '../../model/upgradeEvidence.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import { replayed, type Replay } from './upgradeReplay.ts';
import type { PlannedRun } from './plannedRun.ts';

/** What is claimed of an upgrade. Times are ms since the run began. */
export interface UpgradeClaims {
  readonly report: UpgradeEvidence;
  readonly upgrade: UpgradePlan;
  /** As the plan resolves them, as far as no wave fails. */
  readonly legs: readonly Leg[];
  readonly replay: Replay;
  /** Names of the old Capsule's services, as its signed pack has them; undefined: it cannot be read. */
  readonly oldServices: readonly string[] | undefined;
}

/** Undefined where the evidence or its plan has no upgrade, or no run can follow the plan: another rule tells that. */
export function upgradeClaimsOf(
  evidence: EvidenceExtension,
  planned: PlannedRun | undefined,
  oldServices: readonly string[] | undefined,
): UpgradeClaims | undefined {
  const { upgrade, params, seed } = evidence.plan;
  if (!('upgrade' in evidence) || upgrade === undefined || planned === undefined) return undefined;
  const { upgrade: report } = evidence;
  const halted = new Set(report.halted.map(({ nodeId }) => nodeIndexOf(nodeId)));
  const waves = report.waves.map((wave) => ({ ...wave, nodes: wave.nodes.map(nodeIndexOf) }));
  return {
    report,
    upgrade,
    legs: plannedLegs(upgrade, params.nodes, seed),
    replay: replayed({ upgrade, nodes: params.nodes, seed }, waves, halted),
    oldServices,
  };
}

/** The wave that a time falls into and that moves the node, give or take `slackMs`. */
export function waveAt(
  { report }: UpgradeClaims,
  nodeId: string,
  ms: number,
  slackMs: number,
): UpgradeEvidence['waves'][number] | undefined {
  return report.waves.find(
    ({ nodes, startMs, endMs }) =>
      nodes.includes(nodeId) && startMs - slackMs <= ms && ms <= (endMs ?? Infinity) + slackMs,
  );
}
