import * as z from 'zod/mini';
import { reasonProblem } from './breakGlass.ts';
import { deployRecordSchema, decisionSchema, deployStepSchema } from './deploy.ts';
import { environmentNameSchema, TARGET_KINDS } from './environmentName.ts';
import { gatePolicySchema } from './environments.ts';
import { digestSchema, isoTimeSchema } from './names.ts';
import { planSchema } from './plan.ts';

/** What the deploy routes take and give; docs/api.md tells them. */

const reason = z.string().check(
  z.trim(),
  z.refine((text) => reasonProblem(text) === undefined, {
    error: ({ input }) => `is no reason: it ${reasonProblem(String(input).trim()) ?? 'is empty'}`,
  }),
);

export const deployRequestSchema = z.strictObject({
  environment: environmentNameSchema,
  capsuleHash: z
    .string()
    .check(z.regex(/^[0-9a-f]{4,64}$/, 'must be a Capsule hash or a prefix of one')),
  breakGlass: z
    .optional(reason)
    .check(z.describe('why the gate is to be overridden, where its policy lets it')),
});

export const rollbackRequestSchema = z.strictObject({
  environment: environmentNameSchema,
  to: z
    .optional(z.string().check(z.regex(/^[0-9a-f]{4,64}$/)))
    .check(z.describe('left out: the one deployed before')),
});

export const deployStartedSchema = z.strictObject({
  deployId: z.uuid(),
  environment: environmentNameSchema,
  decision: z
    .optional(decisionSchema)
    .check(z.describe('absent of a rollback: it was let in before')),
});

export const deployCancelledSchema = z.strictObject({
  deployId: z.uuid(),
  status: z.literal('cancelling'),
});

/** One message of a deploy's stream. */
export const deployEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), step: deployStepSchema.shape.step }),
  z.strictObject({ type: z.literal('step'), ...deployStepSchema.shape }),
  z.strictObject({ type: z.literal('log'), line: z.string() }),
  z.strictObject({
    type: z.literal('end'),
    status: z.enum(['deployed', 'rolled-back', 'failed', 'cancelled', 'unchanged']),
    sentence: z.string(),
    runId: z.optional(digestSchema).check(z.describe('the ledger entry of the deploy')),
    record: z.optional(deployRecordSchema),
  }),
]);

/** What the gate would say now; nothing is recorded. */
export const gatePreviewSchema = z.strictObject({
  decision: decisionSchema,
  reasons: z
    .array(z.string())
    .check(z.describe('why it is refused, all of them; empty when it is allowed')),
  canBreakGlass: z.boolean().check(z.describe('refused, and a reason given would override it')),
  needs: z
    .optional(
      z.strictObject({
        capsuleHash: digestSchema,
        params: z.strictObject({
          nodes: z.int(),
          latencyMs: z.tuple([z.number(), z.number()]),
          packetLoss: z.number(),
        }),
        chaos: z.strictObject({ preset: z.enum(['none', 'crash-mid-deploy']) }),
        upgrade: z.optional(
          z.strictObject({ from: digestSchema, rollback: z.literal('after-half') }),
        ),
        hosts: planSchema.shape.hosts,
        deadlineMs: z.optional(z.int()),
      }),
    )
    .check(z.describe('a body for POST /api/mesh-sim/start: the rehearsal this gate asks for')),
});

export const environmentStateSchema = z.strictObject({
  name: environmentNameSchema,
  production: z.boolean(),
  target: z.enum(TARGET_KINDS),
  policy: z.optional(gatePolicySchema).check(z.describe('absent: no rehearsal is asked for')),
  release: z
    .optional(
      z.strictObject({
        capsuleHash: digestSchema,
        at: isoTimeSchema,
        runId: digestSchema,
        status: z.enum(['deployed', 'rolled-back']),
      }),
    )
    .check(
      z.describe(
        'what is active there by the ledger; the target itself is looked at by a deploy alone',
      ),
    ),
  rollsBackTo: z
    .optional(digestSchema)
    .check(z.describe('the Capsule that was deployed before it')),
  deploying: z.optional(z.uuid()).check(z.describe('a deploy of this process that goes on')),
  preview: z.optional(gatePreviewSchema).check(z.describe('for the Capsule that was asked about')),
});

export const environmentListSchema = z.strictObject({
  environments: z.array(environmentStateSchema),
});

export type DeployEvent = z.infer<typeof deployEventSchema>;
export type DeployEnd = Extract<DeployEvent, { type: 'end' }>;
export type DeployStarted = z.infer<typeof deployStartedSchema>;
export type DeployRequestBody = z.input<typeof deployRequestSchema>;
export type RollbackRequestBody = z.input<typeof rollbackRequestSchema>;
export type GatePreview = z.infer<typeof gatePreviewSchema>;
export type EnvironmentState = z.infer<typeof environmentStateSchema>;
export type EnvironmentList = z.infer<typeof environmentListSchema>;
