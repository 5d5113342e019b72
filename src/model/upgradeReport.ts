import type { Comparison } from './comparison.ts';
import type { WindowIndicator } from './indicator.ts';
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
  /** When the names led to what had started beside what served; left out: they never did, or the strategy is not "blue-green". */
  readonly switchedMs?: number | undefined;
  /** Null: the run ended first. */
  readonly endMs: number | null;
  readonly outcome: 'ok' | 'failed' | 'unfinished';
}

export interface WindowReport {
  readonly window: UpgradeWindow;
  readonly startMs: number;
  readonly endMs: number;
}

/** One run of a check of the product on one node. */
export interface CheckReport {
  readonly name: string;
  readonly window: UpgradeWindow;
  /** That it followed; 0: none. */
  readonly wave: number;
  readonly nodeId: string;
  /** unfinished: its node could not run it to its end. */
  readonly outcome: 'passed' | 'failed' | 'unfinished';
  /** Why it did not pass. */
  readonly details?: string | undefined;
}

/** What other nodes found that asked one node for a service, over the wire and outside of its waves. */
export interface ServiceAnswers {
  readonly service: string;
  readonly nodeId: string;
  /** Connections they wanted. */
  readonly asked: number;
  /** Of these: nobody took them there. */
  readonly refused: number;
  /** Of these: nothing came back in all of the asker's patience. */
  readonly unanswered: number;
}

/** What used the product while it was upgraded. */
export interface WorkloadReport {
  readonly nodeId: string;
  /** ran: until it was stopped, or to an end with 0. */
  readonly outcome: 'ran' | 'failed';
  /** How it failed. */
  readonly details?: string | undefined;
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
  /** In the order in which they ended. */
  readonly checks: readonly CheckReport[];
  /** Of services that promise no availability, by service and node in the order in which they were first asked. */
  readonly answers: readonly ServiceAnswers[];
  /** Of the windows before all nodes run the new Capsule for good: what is measured then, the indicators of the run tell. */
  readonly indicators: readonly WindowIndicator[];
  /** Of indicators that were measured in both, the window "mixed" against "before". */
  readonly comparisons: readonly Comparison[];
  /** Left out: the Capsule whose checks were run has none, or it was not begun. */
  readonly workload?: WorkloadReport | undefined;
  readonly outcome: UpgradeOutcome;
}
