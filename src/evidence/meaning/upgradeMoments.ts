import type { Trigger } from '../../model/plan.ts';
import type { UpgradeClaims } from './upgradeClaims.ts';

type Moment = Extract<Trigger, { wave: number } | { upgrade: string }>;

/**
 * ms since the run began before which nothing fires that waits for this moment of an upgrade; Infinity: the moment never came. An
 * upgrade that was stopped between two waves is done at a time that nobody states: then it is no sooner than the last wave began.
 */
export function momentOf(when: Moment, upgrade: UpgradeClaims | undefined): number {
  if (upgrade === undefined) return 0;
  const { waves, windows } = upgrade.report;
  if ('wave' in when) return waves.find(({ index }) => index === when.wave)?.startMs ?? Infinity;
  if (when.upgrade === 'done') return waves.at(-1)?.endMs ?? waves.at(-1)?.startMs ?? 0;
  return windows.find(({ window }) => window === when.upgrade)?.startMs ?? Infinity;
}
