import * as z from 'zod/mini';
import { durationSchema } from './faultSchemas.ts';
import { digestSchema, nodeIdSchema } from './names.ts';
import { BAKE_MS, type Bounds, PAUSE_MS, VIRTUAL_NODES, WORKLOAD_MS } from './paramLimits.ts';
import {
  MIGRATION_SIGNS,
  ROLLBACKS,
  UPGRADE_DEFAULTS,
  UPGRADE_MOMENTS,
  UPGRADE_ORDERS,
  WAVE_SIGNS,
  startsBeside,
} from './upgradeChoices.ts';
import { CAPSULE_VERSIONS } from './upgradeReport.ts';

/** What a plan says of an upgrade: which Capsule runs at first, and how the plan's own one takes its place. */

function milliseconds({ min, max }: Bounds, byDefault: number) {
  const error = `must be whole milliseconds from ${min} to ${max}`;
  return z._default(z.int(error).check(z.minimum(min, error), z.maximum(max, error)), byDefault);
}

function nodesOfWave(what: string, byDefault: number) {
  const error = `must be a whole number of nodes from 1 on: ${what}`;
  return z._default(
    z.int(error).check(z.minimum(1, error), z.maximum(VIRTUAL_NODES.max)),
    byDefault,
  );
}

export const strategySchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('rolling'),
      batch: nodesOfWave('so many are upgraded at a time', UPGRADE_DEFAULTS.batch).check(
        z.describe('nodes that are upgraded at a time'),
      ),
      pauseMs: milliseconds(PAUSE_MS, UPGRADE_DEFAULTS.pauseMs).check(
        z.describe('after each wave'),
      ),
    }),
    z.strictObject({
      kind: z.literal('canary'),
      nodes: nodesOfWave('so many are upgraded before the rest', UPGRADE_DEFAULTS.canaries).check(
        z.describe('nodes that are upgraded first; the rest follows in one wave'),
      ),
      bakeMs: milliseconds(BAKE_MS, UPGRADE_DEFAULTS.bakeMs).check(
        z.describe('how long they prove themselves'),
      ),
    }),
    z.strictObject({
      kind: z
        .literal('blue-green')
        .check(z.describe('the new services start beside the old, names switch at once')),
    }),
    z.strictObject({
      kind: z.literal('all-at-once').check(z.describe('stop on all nodes, then start on all')),
    }),
  ],
  'must be {"kind": "rolling"}, {"kind": "canary"}, {"kind": "blue-green"} or {"kind": "all-at-once"}',
);

export const upgradePlanSchema = z.strictObject({
  from: digestSchema.check(z.describe('the Capsule that all nodes run at first')),
  strategy: z.prefault(strategySchema, { kind: 'rolling' }),
  order: z
    ._default(z.enum(UPGRADE_ORDERS), UPGRADE_DEFAULTS.order)
    .check(z.describe('seeded: drawn from the seed of the run, for each way there and back')),
  rollback: z
    ._default(z.enum(ROLLBACKS), UPGRADE_DEFAULTS.rollback)
    .check(
      z.describe(
        'after-half, after-all: half of the waves, or all, then all back, then forward again; on-failure: back when a wave fails; seeded: whether and where is drawn from the seed',
      ),
    ),
  checksFrom: z
    .optional(z.enum(CAPSULE_VERSIONS))
    .check(
      z.describe('whose checks and workload are run; left out: those of the Capsule that comes'),
    ),
  workloadMs: milliseconds(WORKLOAD_MS, UPGRADE_DEFAULTS.workloadMs).check(
    z.describe('how long the mesh serves before the upgrade, when it is back and when it is done'),
  ),
});

export type UpgradePlan = z.infer<typeof upgradePlanSchema>;
export type UpgradeStrategy = UpgradePlan['strategy'];

/** Faults that wait for a wave, for a moment of an upgrade, or for a migration. */
export const upgradeTriggers = [
  z.strictObject({
    wave: z
      .int('must be the number of a wave, from 1 on')
      .check(
        z.minimum(1, 'must be the number of a wave, from 1 on'),
        z.describe('when the wave with this number begins, counted from 1 there and back'),
      ),
    since: z
      .optional(z.enum(WAVE_SIGNS))
      .check(z.describe('switched: when names lead to what it has started, with blue-green')),
  }),
  z.strictObject({
    upgrade: z
      .enum(UPGRADE_MOMENTS)
      .check(
        z.describe(
          'mixed, rolled-back: when that window begins first; done: when the last wave has ended',
        ),
      ),
  }),
  z.strictObject({
    migrates: nodeIdSchema.check(
      z.describe('while a command of a migration runs on that node, and at no other time'),
    ),
    since: z
      ._default(z.enum(MIGRATION_SIGNS), 'begun')
      .check(z.describe('changed: it has changed something in the state folder of its service')),
    delayMs: z
      ._default(durationSchema, 0)
      .check(z.describe('so long after that; one that ends sooner is not meant, but the next')),
  }),
] as const;

/** What the rules between an upgrade and the rest of its plan look at. */
interface PlanWithUpgrade {
  readonly capsuleHash: string;
  readonly params: { readonly nodes: number };
  readonly upgrade?: UpgradePlan | undefined;
  readonly chaos: { readonly faults: readonly { readonly when: object }[] };
}

export interface UpgradeProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What is wrong between an upgrade and the rest of its plan; each with its place in the plan. */
export function upgradeProblems(plan: PlanWithUpgrade): UpgradeProblem[] {
  if (plan.upgrade === undefined) return strayTriggers(plan);
  const { upgrade } = plan;
  return [
    ...sameCapsule(plan.capsuleHash, upgrade),
    ...waveBeyondMesh(plan, upgrade),
    ...waitsForSwitch(plan, upgrade),
  ];
}

const WAITED_FOR = { wave: 'a wave', upgrade: 'a moment', migrates: 'a migration' } as const;

function strayTriggers({ chaos }: PlanWithUpgrade): UpgradeProblem[] {
  return chaos.faults.flatMap(({ when }, fault) => {
    const trigger = (['wave', 'upgrade', 'migrates'] as const).find((key) => key in when);
    if (trigger === undefined) return [];
    const message = `the fault waits for ${WAITED_FOR[trigger]} of an upgrade, but the plan has no "upgrade": add one, or use another trigger`;
    return [{ path: ['chaos', 'faults', fault, 'when', trigger], message }];
  });
}

function sameCapsule(capsuleHash: string, { from }: UpgradePlan): UpgradeProblem[] {
  if (from !== capsuleHash) return [];
  const message = 'is the Capsule that is rolled out: name the one that runs before it';
  return [{ path: ['upgrade', 'from'], message }];
}

function waitsForSwitch({ chaos }: PlanWithUpgrade, upgrade: UpgradePlan): UpgradeProblem[] {
  if (startsBeside(upgrade)) return [];
  return chaos.faults.flatMap(({ when }, fault) => {
    if (!('wave' in when && 'since' in when && when.since === 'switched')) return [];
    const message = `the fault waits until names switch, which they do at once with "blue-green" alone: leave "since" out, or take that strategy`;
    return [{ path: ['chaos', 'faults', fault, 'when', 'since'], message }];
  });
}

function waveBeyondMesh({ params }: PlanWithUpgrade, upgrade: UpgradePlan): UpgradeProblem[] {
  const { strategy } = upgrade;
  const { nodes } = params;
  if (strategy.kind === 'rolling' && strategy.batch > nodes) {
    const message = `a wave of ${strategy.batch} nodes is larger than the mesh of ${nodes}: take ${nodes} at most`;
    return [{ path: ['upgrade', 'strategy', 'batch'], message }];
  }
  if (strategy.kind === 'canary' && strategy.nodes >= nodes) {
    const message = `${strategy.nodes} canaries leave no node of ${nodes} that follows: take ${nodes - 1} at most, or another strategy`;
    return [{ path: ['upgrade', 'strategy', 'nodes'], message }];
  }
  return [];
}
