import type { ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import type { Rollback } from '../../../src/model/upgradeChoices.ts';
import type { UpgradePlan, UpgradeStrategy } from '../../../src/model/upgradePlan.ts';
import {
  UPGRADE_WINDOWS,
  type CheckReport,
  type UpgradeOutcome,
  type WaveReport,
} from '../../../src/model/upgradeReport.ts';
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
      return 'blue-green, new ones beside the old, names switch at once';
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

/** How long a wave took, "1.24 s", or "1.24 s, names switched after 0.80 s"; "–": the run ended first. */
export function durationText({ startMs, switchedMs, endMs }: WaveReport): string {
  const lasted = endMs === null ? '–' : seconds(endMs - startMs);
  if (switchedMs === undefined) return lasted;
  return `${lasted}, names switched after ${seconds(switchedMs - startMs)}`;
}

/** "mixed, wave 2": the wave that it followed. */
export function whenText({ window, wave }: CheckReport): string {
  return wave === 0 ? window : `${window}, wave ${wave}`;
}

/** All runs of one check: one row, however many nodes and waves there were. */
export interface CheckGroup {
  readonly name: string;
  /** "before 1, mixed 5, after 1". */
  readonly when: string;
  readonly nodes: readonly string[];
  /** "7 of 8 passed". */
  readonly text: string;
  /** The runs that did not pass. */
  readonly others: readonly CheckReport[];
}

/** In the order in which they first ended. */
export function checkGroups(checks: readonly CheckReport[]): CheckGroup[] {
  const names = [...new Set(checks.map(({ name }) => name))];
  return names.map((name) => {
    const runs = checks.filter((check) => check.name === name);
    const counts = UPGRADE_WINDOWS.map((window) => {
      return [window, runs.filter((run) => run.window === window).length] as const;
    });
    const others = runs.filter(({ outcome }) => outcome !== 'passed');
    return {
      name,
      when: counts
        .filter(([, count]) => count > 0)
        .map((one) => one.join(' '))
        .join(', '),
      nodes: [...new Set(runs.map(({ nodeId }) => nodeId))].toSorted(),
      text: `${runs.length - others.length} of ${runs.length} passed`,
      others,
    };
  });
}

function nodes(count: number): string {
  return `${count} node${count === 1 ? '' : 's'}`;
}
