import * as z from 'zod/mini';
import { nodeAccessSchema } from './access.ts';
import { durationSchema, effectSchema } from './faultSchemas.ts';
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
import { hostNameSchema } from './hostName.ts';
import { OTHER_NODES } from './hostPlacement.ts';
import { CHAOS_PRESETS } from './presets.ts';
import { topologySchema } from './topology.ts';
import { upgradePlanSchema, upgradeProblems, upgradeTriggers } from './upgradePlan.ts';

export const PLAN_SCHEMA = 'urn:oursynth:mesh-sim:plan:v1';

export const PHASES = ['boot', 'verify', 'receive', 'start', 'healthy'] as const;
export const phaseSchema = z.enum(PHASES);
export type Phase = z.infer<typeof phaseSchema>;

/** With those that only a node of an upgrade goes through: it stops what it runs, migrates its state, and starts again. */
export const NODE_PHASES = [...PHASES, 'stop', 'migrate'] as const;
export type NodePhase = (typeof NODE_PHASES)[number];
/** What a move from one Capsule to the other is made of, in this order. */
export const MOVE_PHASES = ['stop', 'migrate', 'start', 'healthy'] as const;
/** The same where services start beside those that run: the names switch before `stop`, and what is left is asked for its health again. */
export const BESIDE_PHASES = ['migrate', 'start', 'healthy', 'stop', 'healthy'] as const;

/** A fault fires once: when a node has reached `progress` (0–1) of a phase, or at a time since the run began. */
export const triggerSchema = z.union([
  z.strictObject({
    node: nodeIdSchema,
    phase: phaseSchema,
    progress: z._default(z.number().check(z.minimum(0), z.maximum(1)), 0),
  }),
  z.strictObject({ atMs: durationSchema }),
  z.strictObject({
    afterFault: z
      .int()
      .check(z.minimum(0), z.describe('index of an earlier fault in this schedule')),
    delayMs: durationSchema,
  }),
  ...upgradeTriggers,
]);

export const faultSchema = z.strictObject({ when: triggerSchema, do: effectSchema });

export const chaosSchema = z.strictObject({
  preset: z._default(z.enum(CHAOS_PRESETS), 'none'),
  faults: z
    ._default(z.array(faultSchema).check(z.maxLength(64)), [])
    .check(z.describe("empty: the preset's own schedule")),
});

export const driftSchema = z.strictObject({
  node: nodeIdSchema,
  service: serviceNameSchema,
  commit: z.string().check(z.minLength(COMMIT_LENGTH.min), z.maxLength(COMMIT_LENGTH.max)),
});

export const placementSchema = z
  .record(
    serviceNameSchema,
    z
      .array(nodeIdSchema)
      .check(
        z.minLength(
          1,
          'places the service on no node: name a node, or leave the service out, then every node runs it',
        ),
      ),
  )
  .check(
    z.describe('service → the nodes that run it; a service that is not named runs on every node'),
  );

const hostChoiceSchema = z.union([
  hostNameSchema,
  z.array(hostNameSchema).check(z.minLength(1), z.maxLength(10)),
]);
const hostPlacementSchema = z
  .record(z.union([nodeIdSchema, z.literal(OTHER_NODES)]), hostChoiceSchema)
  .check(
    z.describe('node → the name of its host in mesh.hosts.json, or "local"; "*": all other nodes'),
  );

export const MAX_REAL_NODES = REAL_NODES.max;

function within({ min, max }: Bounds): z.ZodMiniNumber {
  return z.number().check(z.minimum(min), z.maximum(max));
}

const latencyRange = z
  .tuple([within(LATENCY_MS), within(LATENCY_MS)])
  .check(
    z.refine(
      ([min, max]) => min <= max,
      'the minimum is above the maximum: write it as [min, max]',
    ),
  );

export const paramsSchema = z.strictObject({
  nodes: z._default(z.int().check(z.minimum(VIRTUAL_NODES.min), z.maximum(VIRTUAL_NODES.max)), 5),
  latencyMs: z._default(latencyRange, [40, 180]).check(z.describe('one-way delay, [min, max]')),
  packetLoss: z._default(within(LOSS_PERCENT), 0).check(z.describe('percent')),
  verifySignatures: z._default(z.boolean(), true),
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
    $schema: z.optional(z.string()),
    schema: z._default(z.literal(PLAN_SCHEMA), PLAN_SCHEMA),
    capsuleHash: digestSchema,
    world: z._default(z.enum(['real', 'virtual']), 'real'),
    params: z.prefault(paramsSchema, {}),
    seed: z._default(z.int().check(z.minimum(SEED.min), z.maximum(SEED.max)), 1),
    topology: z._default(topologySchema, { kind: 'uniform' }),
    bandwidth: z.optional(
      z.strictObject({
        model: z
          .enum(['uplink', 'link'])
          .check(z.describe('uplink: shared by all links that leave a node')),
        mbps: z.number().check(z.positive(), z.maximum(1_000_000)),
      }),
    ),
    access: z.optional(nodeAccessSchema),
    tcp: z
      .optional(
        z.strictObject({
          congestionControl: z
            .string()
            .check(
              z.regex(/^[a-z][a-z0-9_-]{0,14}$/, 'must be a name such as "cubic" or "bbr"'),
              z.describe("of services' TCP, by the kernel's name; left out: the machine's own"),
            ),
        }),
      )
      .check(z.describe('what services speak over the emulated network, where nodes have a wire')),
    chaos: z.prefault(chaosSchema, {}),
    drift: z._default(z.array(driftSchema).check(z.maxLength(MAX_REAL_NODES)), []),
    placement: z.optional(placementSchema),
    hosts: z
      .optional(hostPlacementSchema)
      .check(z.describe('where nodes live; left out: all on this machine')),
    upgrade: z
      .optional(upgradePlanSchema)
      .check(
        z.describe(
          "all nodes run another Capsule at first, and the plan's takes its place wave by wave",
        ),
      ),
    failOnObjectives: z
      .optional(z.boolean())
      .check(
        z.describe('true: an objective that was missed, or could not be measured, fails the run'),
      ),
    failOnRegression: z
      .optional(z.boolean())
      .check(
        z.describe(
          'true: an indicator that is shown to be worse than the baseline, or in an upgrade than before it, fails the run',
        ),
      ),
    deadlineMs: z._default(
      z.int().check(z.minimum(DEADLINE_MS.min), z.maximum(DEADLINE_MS.max)),
      60_000,
    ),
  })
  .check(
    z.refine((plan) => plan.world === 'virtual' || plan.params.nodes <= MAX_REAL_NODES, {
      path: ['params', 'nodes'],
      message: `real runs have 2 to ${MAX_REAL_NODES} nodes; more need --virtual`,
    }),
    z.refine((plan) => plan.world === 'real' || plan.tcp === undefined, {
      path: ['tcp'],
      message: 'no service runs in virtual time: leave "tcp" out, or rehearse in the real world',
    }),
    z.refine((plan) => plan.world === 'real' || !isJudgedByServices(plan), {
      path: ['world'],
      message:
        'no service runs in virtual time: objectives and regressions can fail real runs only',
    }),
    z.refine((plan) => plan.world === 'real' || plan.hosts === undefined, {
      path: ['hosts'],
      message: 'virtual time has no hosts: remove it, or run the plan in the real world',
    }),
    z.refine((plan) => plan.world === 'real' || plan.placement === undefined, {
      path: ['placement'],
      message: 'no service runs in virtual time: remove it, or run the plan in the real world',
    }),
    (context) => {
      for (const { path, message } of upgradeProblems(context.value)) {
        context.issues.push({ code: 'custom', path, message, input: context.value });
      }
    },
  );

export type Trigger = z.infer<typeof triggerSchema>;
export type Fault = z.infer<typeof faultSchema>;
export type Drift = z.infer<typeof driftSchema>;
export type Params = z.infer<typeof paramsSchema>;
export type Plan = z.infer<typeof planSchema>;
export type PlanInput = z.input<typeof planSchema>;
