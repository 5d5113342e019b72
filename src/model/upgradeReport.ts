import type { Rollback } from './upgradeChoices.ts';
import type { UpgradePlan } from './upgradePlan.ts';

/** What an upgrade came to. Carries no validator. Times are ms since the run began. */

/** The Capsule that ran before, or the plan's own. */
export const CAPSULE_VERSIONS = ['old', 'new'] as const;
export type CapsuleVersion = (typeof CAPSULE_VERSIONS)[number];

/**
 * before: all nodes run the old Capsule, and none was moved yet. mixed: some run the old and some the new one. rolled-back: all
 * run the old one again. after: all run the new one.
 */
export const UPGRADE_WINDOWS = ['before', 'mixed', 'rolled-back', 'after'] as const;
export type UpgradeWindow = (typeof UPGRADE_WINDOWS)[number];

/**
 * completed: all nodes run the new Capsule. incomplete: all waves went well, but nodes that were offered other content than the
 * signed one kept the old one. rolled-back: a wave failed, and all run the old one again. stopped: a wave failed, and that was
 * that. unfinished: the run ended first.
 */
export const UPGRADE_OUTCOMES = [
  'completed',
  'incomplete',
  'rolled-back',
  'stopped',
  'unfinished',
] as const;
export type UpgradeOutcome = (typeof UPGRADE_OUTCOMES)[number];

export interface WaveReport {
  /** The ways there and back, from 0. */
  readonly leg: number;
  readonly to: CapsuleVersion;
  /** From 1, over all legs: what faults wait for. */
  readonly index: number;
  readonly nodes: readonly string[];
  readonly startMs: number;
  /** Null: the run ended first. */
  readonly endMs: number | null;
  readonly outcome: 'ok' | 'failed' | 'unfinished';
}

export interface WindowReport {
  readonly window: UpgradeWindow;
  readonly startMs: number;
  readonly endMs: number;
}

export interface UpgradeReport {
  readonly from: string;
  readonly strategy: UpgradePlan['strategy'];
  /** The planned waves of each leg, in their order. */
  readonly order: readonly { readonly to: CapsuleVersion; readonly waves: readonly string[][] }[];
  /** Those that began. */
  readonly waves: readonly WaveReport[];
  readonly rollback: {
    readonly planned: Rollback;
    /** Why nodes were moved back; left out: they were not. */
    readonly reason?: string | undefined;
  };
  readonly windows: readonly WindowReport[];
  /** Nodes that kept the old Capsule, since what they were offered was not what was signed. */
  readonly halted: readonly { readonly nodeId: string; readonly details: string }[];
  readonly outcome: UpgradeOutcome;
}
