import type { Trigger } from '../../model/plan.ts';
import type { NodeClaims } from './nodeClaims.ts';
import { CLOCK_STEP_MS } from './rule.ts';
import type { UpgradeClaims } from './upgradeClaims.ts';

type Migrating = Extract<Trigger, { migrates: string }>;

/** The attempts at migrations of the node that the fault waits for, ms since the Unix epoch. */
function migrationsOf({ migrates }: Migrating, nodes: readonly NodeClaims[]) {
  const node = nodes.find(({ nodeId }) => nodeId === migrates);
  return (node?.report.phases ?? [])
    .filter(({ name }) => name === 'migrate')
    .map(({ start, end, status }) => ({ start: Date.parse(start), end: Date.parse(end), status }));
}

/** ms since the Unix epoch before which nothing fires that waits for a migration; Infinity: the node never migrated. */
export function migrationMoment(when: Migrating, nodes: readonly NodeClaims[]): number {
  return (migrationsOf(when, nodes)[0]?.start ?? Infinity) + when.delayMs;
}

/** Whether a migration that did not end well went on at that time, since long enough. */
export function cutsMigration(when: Migrating, nodes: readonly NodeClaims[], at: number): boolean {
  return migrationsOf(when, nodes).some(
    ({ start, end, status }) =>
      status === 'error' && start + when.delayMs <= at + CLOCK_STEP_MS && at <= end + CLOCK_STEP_MS,
  );
}

type Moment = Extract<Trigger, { wave: number } | { upgrade: string }>;

/**
 * ms since the run began before which nothing fires that waits for this moment of an upgrade; Infinity: the moment never came. An
 * upgrade that was stopped between two waves is done at a time that nobody states: then it is no sooner than the last wave began.
 */
export function momentOf(when: Moment, upgrade: UpgradeClaims | undefined): number {
  if (upgrade === undefined) return 0;
  const { waves, windows } = upgrade.report;
  if ('wave' in when) {
    const wave = waves.find(({ index }) => index === when.wave);
    return (when.since === undefined ? wave?.startMs : wave?.switchedMs) ?? Infinity;
  }
  if (when.upgrade === 'done') return waves.at(-1)?.endMs ?? waves.at(-1)?.startMs ?? 0;
  return windows.find(({ window }) => window === when.upgrade)?.startMs ?? Infinity;
}
