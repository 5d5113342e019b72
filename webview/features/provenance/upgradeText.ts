import type { ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import type { Rollback } from '../../../src/model/upgradeChoices.ts';
import type { UpgradePlan, UpgradeStrategy } from '../../../src/model/upgradePlan.ts';
import type { CheckReport, UpgradeOutcome, WaveReport } from '../../../src/model/upgradeReport.ts';
import { seconds } from './format.ts';

/** Hex digits of a Capsule where there is room for few. */
const FEW = 4;

/** "Upgrade rehearsed: 8c0c → f31a, and back". */
export function rehearsedText(
  { from, wentBack }: NonNullable<ProvenanceRun['upgrade']>,
  to: string,
): string {
  const back = wentBack ? ', and back' : '';
  return `Upgrade rehearsed: ${from.slice(0, FEW)} → ${to.slice(0, FEW)}${back}`;
}

export const ROLLBACK_WORDS: Record<Rollback, string> = {
  never: 'never',
  'after-half': 'after half of the waves',
  'after-all': 'after all waves',
  'on-failure': 'when a wave fails',
  seeded: 'drawn from the seed',
};

/** "rolling, 1 node at a time, 2.00 s after each wave". */
export function strategyText(strategy: UpgradeStrategy): string {
  switch (strategy.kind) {
    case 'rolling':
      return `rolling, ${nodes(strategy.batch)} at a time, ${seconds(strategy.pauseMs)} after each wave`;
    case 'canary':
      return `canary, ${nodes(strategy.nodes)} first, the rest ${seconds(strategy.bakeMs)} later`;
    case 'blue-green':
      return 'blue-green';
    case 'all-at-once':
      return 'all at once';
  }
}

export const ORDER_WORDS: Record<UpgradePlan['order'], string> = {
  seeded: 'drawn from the seed',
  listed: 'as listed, n0 first',
  'n0-last': 'as listed, n0 last',
};

export const OUTCOME_WORDS: Record<UpgradeOutcome, string> = {
  completed: 'completed, all nodes run the new Capsule',
  incomplete: 'incomplete, some nodes kept the old Capsule',
  'rolled-back': 'rolled back, all nodes run the old Capsule again',
  stopped: 'stopped where a wave failed',
  unfinished: 'unfinished when the run ended',
};

/** How long a wave took, "1.24 s"; "–": the run ended first. */
export function durationText({ startMs, endMs }: WaveReport): string {
  return endMs === null ? '–' : seconds(endMs - startMs);
}

/** "mixed, after wave 2". */
export function whenText({ window, wave }: CheckReport): string {
  return wave === 0 ? window : `${window}, after wave ${wave}`;
}

/** "7 of 8 passed, 1 unfinished"; empty where none ran. */
export function checksText(checks: readonly CheckReport[]): string {
  const count = (outcome: CheckReport['outcome']): number =>
    checks.filter((check) => check.outcome === outcome).length;
  if (checks.length === 0) return '';
  const parts = [`${count('passed')} of ${checks.length} passed`];
  if (count('failed') > 0) parts.push(`${count('failed')} failed`);
  if (count('unfinished') > 0) parts.push(`${count('unfinished')} unfinished`);
  return parts.join(', ');
}

function nodes(count: number): string {
  return `${count} node${count === 1 ? '' : 's'}`;
}
