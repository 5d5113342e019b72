/** What a plan may choose of an upgrade. Carries no validator: commands and the page list it. */

export const UPGRADE_ORDERS = ['seeded', 'listed', 'n0-last'] as const;
export type UpgradeOrder = (typeof UPGRADE_ORDERS)[number];

export const ROLLBACKS = ['never', 'after-half', 'after-all', 'on-failure', 'seeded'] as const;
export type Rollback = (typeof ROLLBACKS)[number];

/** What faults wait for by `upgrade`; `done`: the last wave has ended. */
export const UPGRADE_MOMENTS = ['mixed', 'rolled-back', 'done'] as const;
export type UpgradeMoment = (typeof UPGRADE_MOMENTS)[number];

/** From when on a wave counts that a fault waits for; `switched`: names lead to what it has started, where it starts beside what serves. */
export const WAVE_SIGNS = ['switched'] as const;

/** From when on a migration counts that a fault waits for; `changed`: it has changed something in its state folder. */
export const MIGRATION_SIGNS = ['begun', 'changed'] as const;
export type MigrationSign = (typeof MIGRATION_SIGNS)[number];

/** What is left out of a plan's upgrade. Times in ms. */
export const UPGRADE_DEFAULTS = {
  batch: 1,
  pauseMs: 2_000,
  canaries: 1,
  bakeMs: 5_000,
  order: 'seeded',
  rollback: 'after-half',
  workloadMs: 5_000,
} as const;

/** Whether a move starts the services of one Capsule beside those of the other, which serve until the names switch. */
export function startsBeside(
  upgrade: { readonly strategy: { readonly kind: string } } | undefined,
): boolean {
  return upgrade?.strategy.kind === 'blue-green';
}
