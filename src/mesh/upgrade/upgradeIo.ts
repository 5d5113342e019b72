import type { CapsuleVersion, UpgradeWindow } from '../../model/upgradeReport.ts';
import type { EndOutcome } from './upgradeEnd.ts';
import type { Wave } from './waves.ts';

/** What an upgrade tells of itself. */
export type UpgradeEvent =
  | (WaveEvent & { readonly kind: 'wave-begun' })
  /** Where services start beside those that serve: all names lead to what has come, and what served before is stopped next. */
  | (WaveEvent & { readonly kind: 'wave-switched' })
  | (WaveEvent & {
      readonly kind: 'wave-ended';
      readonly outcome: 'ok' | 'failed';
      /** Why it failed. */
      readonly details?: string;
      /** No wave follows. */
      readonly isLast: boolean;
    })
  | { readonly kind: 'window'; readonly window: UpgradeWindow }
  /** The node keeps the old Capsule and takes no part in waves. */
  | { readonly kind: 'halted'; readonly node: number }
  | { readonly kind: 'rollback'; readonly reason: string }
  | {
      readonly kind: 'ended';
      readonly outcome: EndOutcome;
      readonly details: string;
    };

interface WaveEvent {
  /** From 1, over all legs. */
  readonly wave: number;
  /** From 0. */
  readonly leg: number;
  readonly to: CapsuleVersion;
  readonly nodes: Wave;
}

/** The port between an upgrade and the world it happens in. */
export interface UpgradeIo {
  /** Calls `onTimer()` once, `afterMs` from now. */
  timer(afterMs: number): void;
  /**
   * Has a node stop what it runs and start the services of that Capsule, which it holds whole and verified; or start them beside
   * what it runs, as the strategy says.
   */
  move(node: number, to: CapsuleVersion): void;
  /** Has names lead to what has started on these nodes beside what they run, and has that stopped. */
  takeOver(nodes: Wave): void;
  /** Has these nodes stop what has started there beside what they run. */
  giveUp(nodes: Wave): void;
  /** Runs the checks of the product that are due then, and calls `onChecked` once; left out: there are none. */
  check?(window: UpgradeWindow, wave: number): void;
  tell(event: UpgradeEvent): void;
}
