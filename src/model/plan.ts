import * as z from 'zod';
import { digestSchema, nodeIdSchema, serviceNameSchema } from './names.ts';
import {
  type Bounds,
  COMMIT_LENGTH,
  DEADLINE_MS,
  LATENCY_MS,
  LOSS_PERCENT,
  REAL_NODES,
  SEED,
  VIRTUAL_NODES,
} from './paramLimits.ts';
import { CHAOS_PRESETS } from './presets.ts';
import { linkSchema, topologySchema } from './topology.ts';

export const PLAN_SCHEMA = 'urn:oursynth:mesh-sim:plan:v1';

export const PHASES = ['boot', 'verify', 'receive', 'start', 'healthy'] as const;
export const phaseSchema = z.enum(PHASES);
export type Phase = z.infer<typeof phaseSchema>;

const duration = z.int().min(0).max(600_000);

/** A fault fires once: when a node has reached `progress` (0–1) of a phase, or at a time since the run began. */
export const triggerSchema = z.union([
  z.strictObject({
    node: nodeIdSchema,
    phase: phaseSchema,
    progress: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({ atMs: duration }),
  z.strictObject({
    afterFault: z.int().min(0).describe('index of an earlier fault in this schedule'),
    delayMs: duration,
  }),
]);

export const effectSchema = z.union([
  z.strictObject({
    kill: nodeIdSchema.describe('SIGKILL of the node and all it started'),
    restartAfterMs: duration.optional().describe('left out: the node stays down'),
  }),
  z.strictObject({
    partition: z.strictObject({
      from: z.array(nodeIdSchema).min(1),
      to: z.array(nodeIdSchema).min(1),
      oneWay: z.boolean().default(false),
    }),
    healAfterMs: duration.optional(),
  }),
  z.strictObject({
    degradeLink: linkSchema.partial().extend({ from: nodeIdSchema, to: nodeIdSchema }),
  }),
  z.strictObject({ slow: nodeIdSchema, factor: z.number().min(1).max(100) }),
  z.strictObject({
    corruptChunks: z.strictObject({ to: nodeIdSchema, count: z.int().min(1).max(10_000) }),
  }),
  z.strictObject({ byzantine: nodeIdSchema.describe('relays an altered Capsule') }),
]);

export const faultSchema = z.strictObject({ when: triggerSchema, do: effectSchema });

export const chaosSchema = z.strictObject({
  preset: z.enum(CHAOS_PRESETS).default('none'),
  faults: z.array(faultSchema).max(64).default([]).describe("empty: the preset's own schedule"),
});

export const driftSchema = z.strictObject({
  node: nodeIdSchema,
  service: serviceNameSchema,
  commit: z.string().min(COMMIT_LENGTH.min).max(COMMIT_LENGTH.max),
});

export const MAX_REAL_NODES = REAL_NODES.max;

function within({ min, max }: Bounds): z.ZodNumber {
  return z.number().min(min).max(max);
}

const latencyRange = z
  .tuple([within(LATENCY_MS), within(LATENCY_MS)])
  .refine(([min, max]) => min <= max, 'the minimum is above the maximum: write it as [min, max]');

export const paramsSchema = z.strictObject({
  nodes: z.int().min(VIRTUAL_NODES.min).max(VIRTUAL_NODES.max).default(5),
  latencyMs: latencyRange.default([40, 180]).describe('one-way delay, [min, max]'),
  packetLoss: within(LOSS_PERCENT).default(0).describe('percent'),
  verifySignatures: z.boolean().default(true),
});

function isJudgedByServices(plan: {
  readonly failOnObjectives?: boolean | undefined;
  readonly failOnRegression?: boolean | undefined;
}): boolean {
  return plan.failOnObjectives === true || plan.failOnRegression === true;
}

/** Everything that determines a run. The same plan makes the same link decisions. */
export const planSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal(PLAN_SCHEMA).default(PLAN_SCHEMA),
    capsuleHash: digestSchema,
    world: z.enum(['real', 'virtual']).default('real'),
    params: paramsSchema.prefault({}),
    seed: z.int().min(SEED.min).max(SEED.max).default(1),
    topology: topologySchema.default({ kind: 'uniform' }),
    bandwidth: z
      .strictObject({
        model: z.enum(['uplink', 'link']).describe('uplink: shared by all links that leave a node'),
        mbps: z.number().positive().max(1_000_000),
      })
      .optional(),
    chaos: chaosSchema.prefault({}),
    drift: z.array(driftSchema).max(MAX_REAL_NODES).default([]),
    failOnObjectives: z
      .boolean()
      .optional()
      .describe('true: an objective that was missed, or could not be measured, fails the run'),
    failOnRegression: z
      .boolean()
      .optional()
      .describe('true: an indicator that is shown to be worse than the baseline fails the run'),
    deadlineMs: z.int().min(DEADLINE_MS.min).max(DEADLINE_MS.max).default(60_000),
  })
  .refine((plan) => plan.world === 'virtual' || plan.params.nodes <= MAX_REAL_NODES, {
    path: ['params', 'nodes'],
    message: `real runs have 2 to ${MAX_REAL_NODES} nodes; more need --virtual`,
  })
  .refine((plan) => plan.world === 'real' || !isJudgedByServices(plan), {
    path: ['world'],
    message: 'no service runs in virtual time: objectives and regressions can fail real runs only',
  });

export type Trigger = z.infer<typeof triggerSchema>;
export type FaultEffect = z.infer<typeof effectSchema>;
export type Fault = z.infer<typeof faultSchema>;
export type Drift = z.infer<typeof driftSchema>;
export type Params = z.infer<typeof paramsSchema>;
export type Plan = z.infer<typeof planSchema>;
export type PlanInput = z.input<typeof planSchema>;
