import type { Fault, Phase, Plan } from '../model/plan.ts';
import type { LinkChange } from '../network/linkChange.ts';

/** The faults of a plan: its own, or its preset's. Validated against the number of nodes. @throws MeshSimError plan-invalid */
export function chaosSchedule(plan: Plan): readonly Fault[] {
  void plan;
  throw new Error('pending');
}

/** What a world has to do now. `fault` is the index in the schedule. Node numbers are indices. */
export type ChaosAction =
  | { readonly fault: number; readonly kind: 'kill'; readonly node: number }
  | { readonly fault: number; readonly kind: 'restart'; readonly node: number }
  | {
      readonly fault: number;
      readonly kind: 'partition';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | { readonly fault: number; readonly kind: 'heal' }
  | {
      readonly fault: number;
      readonly kind: 'degrade';
      readonly from: number;
      readonly to: number;
      readonly change: LinkChange;
    }
  | {
      readonly fault: number;
      readonly kind: 'slow';
      readonly node: number;
      readonly factor: number;
    }
  | {
      readonly fault: number;
      readonly kind: 'corrupt';
      readonly node: number;
      readonly count: number;
    }
  | { readonly fault: number; readonly kind: 'byzantine'; readonly node: number };

/**
 * Decides when faults fire. A world feeds it what happened, then takes the actions that are due.
 * Times are ms since the run began.
 */
export class ChaosDirector {
  readonly schedule: readonly Fault[];

  constructor(schedule: readonly Fault[]) {
    this.schedule = schedule;
  }

  /** A phase event of a node. */
  phase(node: number, phase: Phase, status: 'started' | 'ok' | 'error', at: number): void {
    void [node, phase, status, at];
  }

  /** A node holds `have` of `total` chunks: progress of its phase `receive`. */
  progress(node: number, have: number, total: number, at: number): void {
    void [node, have, total, at];
  }

  /** The actions due at `at`, in order of their due times; each is returned once. */
  take(at: number): ChaosAction[] {
    void at;
    return [];
  }

  /** When the next timed action is due; Infinity when none is. */
  nextDueAt(): number {
    return Infinity;
  }

  /** True while a restart, a heal or a timed fault is still to come: the run is not over. */
  get pending(): boolean {
    return false;
  }

  /** Faults that never fired, as sentences. */
  unfired(): string[] {
    return [];
  }
}
