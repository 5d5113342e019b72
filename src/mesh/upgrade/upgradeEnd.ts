import type { UpgradeOutcome } from '../../model/upgradeReport.ts';

/** What an upgrade can come to that has ended by itself. */
export type EndOutcome = Exclude<UpgradeOutcome, 'unfinished'>;

interface LastNodes {
  readonly nodes: number;
  /** Run the new Capsule. */
  readonly upgraded: number;
  readonly halted: number;
  /** A wave failed, and all went back. */
  readonly hasFailed: boolean;
}

/** What an upgrade came to whose last wave went well, with one sentence. */
export function endOf({ nodes, upgraded, halted, hasFailed }: LastNodes): [EndOutcome, string] {
  if (upgraded === nodes) return ['completed', `All ${nodes} nodes run the new Capsule.`];
  if (hasFailed) return ['rolled-back', 'A wave failed, and all nodes run the old Capsule again.'];
  return [
    'incomplete',
    `${upgraded} of ${nodes} nodes run the new Capsule; ${halted} halted and kept the old one.`,
  ];
}
