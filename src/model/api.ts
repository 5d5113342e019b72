import * as z from 'zod/mini';
import { comparisonSchema } from './comparison.ts';
import { eventSchema, packetBatchSchema } from './events.ts';
import { statedNetworkSchema, statementSchema } from './evidence.ts';
import { indicatorSchema } from './indicator.ts';
import { CAPTURE_MODES } from './captureMode.ts';
import { hostNameSchema } from './hostName.ts';
import { countSchema, digestSchema, isoTimeSchema, nodeIdSchema, simIdSchema } from './names.ts';
import { paramsSchema, planSchema } from './plan.ts';
import { runIdSchema, signerSchema } from './provenanceApi.ts';

/** What the HTTP API takes and gives; docs/api.md tells the routes. */

const capsulePrefix = z
  .string()
  .check(z.regex(/^[0-9a-f]{4,64}$/, 'must be a Capsule hash or at least its first 4 hex digits'));

const planParts = planSchema.shape;

/** Everything of a plan, which Capsule by hash or by a provenance run, and what to keep. What is left out takes the plan's default. */
export const startRequestSchema = z
  .strictObject({
    capsuleHash: z.optional(capsulePrefix),
    runId: z.optional(z.union([runIdSchema, simIdSchema])),
    world: z.optional(planParts.world),
    params: z.optional(z.partial(paramsSchema)),
    chaos: z.optional(planParts.chaos),
    drift: z.optional(planParts.drift),
    seed: z.optional(planParts.seed),
    topology: z.optional(planParts.topology),
    bandwidth: planParts.bandwidth,
    access: planParts.access,
    placement: planParts.placement,
    hosts: planParts.hosts,
    upgrade: planParts.upgrade,
    failOnObjectives: planParts.failOnObjectives,
    failOnRegression: planParts.failOnRegression,
    deadlineMs: z.optional(planParts.deadlineMs),
    capture: z
      .optional(z.enum(CAPTURE_MODES))
      .check(z.describe('keep the packets between services beside the run; no part of its plan')),
    hold: z
      .optional(z.boolean())
      .check(z.describe('keep the nodes up once the run is sealed, until it is ended')),
  })
  .check(
    z.refine(
      (request) => (request.capsuleHash === undefined) !== (request.runId === undefined),
      'give either capsuleHash or runId',
    ),
  );

export const startedSchema = z.strictObject({
  simId: simIdSchema,
  capsuleHash: digestSchema,
  nodeIds: z.array(nodeIdSchema),
  replayOf: z.optional(simIdSchema),
  warnings: z
    .optional(z.array(z.string()))
    .check(
      z.describe(
        'faults of the plan that cannot have an effect, or not on this machine, a sentence each',
      ),
    ),
});

export const cancelledSchema = z.strictObject({
  simId: simIdSchema,
  status: z.literal('cancelling'),
});

export const recordRequestSchema = z.strictObject({
  simId: simIdSchema,
  result: z
    .optional(z.unknown())
    .check(
      z.describe('a MeshSimResult to compare; one that differs from what was observed is refused'),
    ),
});

export const recordedSchema = z.strictObject({
  simId: simIdSchema,
  outcome: z.enum(['pass', 'fail']),
  ledgerIndex: countSchema,
  runId: runIdSchema,
});

/** First message of a stream, and after every gap. It stands for everything up to `seq`, but packets and log lines. */
export const snapshotSchema = z.strictObject({
  simId: simIdSchema,
  seq: z.int().check(z.minimum(-1)),
  plan: planSchema,
  product: z.string(),
  startedAt: z.optional(isoTimeSchema),
  isRunning: z.boolean(),
  events: z
    .array(eventSchema)
    .check(
      z.describe(
        'all but packets and log lines, in order; of what services say to each other, the newest',
      ),
    ),
  packets: z
    .array(packetBatchSchema)
    .check(z.describe('the newest that are still held, oldest first')),
  droppedPackets: countSchema.check(z.describe('packets this client will not see in detail')),
});

/** Last message of a stream of a run that ended. */
export const streamEndSchema = z.strictObject({
  simId: simIdSchema,
  outcome: z.enum(['pass', 'fail', 'cancelled', 'error']),
  sentence: z.string(),
  runId: z.optional(runIdSchema).check(z.describe('the ledger entry of its evidence')),
});

export const capsuleSummarySchema = z.strictObject({
  capsuleHash: digestSchema,
  name: z.string(),
  packedAt: isoTimeSchema,
  runId: runIdSchema,
  bytes: countSchema,
  chunks: countSchema,
  isDirty: z.boolean(),
  signer: signerSchema,
  services: z.array(
    z.union([
      z.strictObject({ name: z.string(), commit: z.string() }),
      z
        .strictObject({ name: z.string(), program: z.string() })
        .check(z.describe('a program of the machine, such as "redis-server >=7"')),
    ]),
  ),
  objectives: countSchema.check(z.describe('of all its services')),
});

export const capsuleListSchema = z.strictObject({
  capsules: z.array(capsuleSummarySchema).check(z.describe('newest first, each hash once')),
});

export const packRequestSchema = z.strictObject({
  registry: z
    .optional(z.string())
    .check(z.describe('path in the workspace, default mesh.services.json')),
  allowDirty: z._default(z.boolean(), false),
});

export const packedSchema = z.strictObject({
  capsuleHash: digestSchema,
  name: z.string(),
  services: countSchema,
  bytes: countSchema,
  ledgerIndex: countSchema,
  runId: runIdSchema,
});

export const verificationStepSchema = z.strictObject({
  name: z.string(),
  status: z.enum(['ok', 'failed', 'skipped']),
  sentence: z.string(),
});

/** What the Evidence pane shows: the verdict by step, and the statement once its signature held. */
export const evidenceSchema = z.strictObject({
  verdict: z.enum(['verified', 'invalid', 'untrusted', 'policy-not-met']),
  sentence: z.string(),
  steps: z.array(verificationStepSchema),
  checkedAt: isoTimeSchema,
  signer: z.optional(signerSchema),
  statement: z.optional(statementSchema),
  parts: z
    .array(
      z.strictObject({ name: z.string(), bytes: countSchema, digest: z.optional(digestSchema) }),
    )
    .check(z.describe('what is in the file')),
  ledger: z.optional(
    z.strictObject({
      index: countSchema,
      size: countSchema,
      origin: z.string(),
      leafHash: digestSchema,
    }),
  ),
  baseline: z
    .optional(
      z.strictObject({
        simId: simIdSchema,
        endedAt: isoTimeSchema,
        network: statedNetworkSchema,
        indicators: z.array(indicatorSchema),
        isPinned: z.boolean(),
        comparisons: z.array(comparisonSchema),
      }),
    )
    .check(
      z.describe(
        'the pinned evidence, or the last passing one of this product before it, in this workspace',
      ),
    ),
  difference: z
    .optional(z.strictObject({ expected: digestSchema, found: digestSchema }))
    .check(
      z.describe(
        'SHA-256 of the statement: what the ledger recorded for the run, and what the file holds',
      ),
    ),
  hasEvents: z
    .boolean()
    .check(
      z.describe(
        'true: this workspace holds the very events that were signed, so they can be shown',
      ),
    ),
});

export const workspaceStateSchema = z.strictObject({
  folder: z.string().check(z.describe('its name, not its path')),
  product: z.optional(z.string()).check(z.describe('the name in mesh.services.json')),
  signer: z.optional(signerSchema),
  hasRegistry: z.boolean(),
  hasEnvironments: z
    .boolean()
    .check(z.describe('mesh.environments.json exists: something can be deployed')),
  hasGit: z.boolean(),
  refusal: z
    .optional(z.string())
    .check(
      z.describe('why nothing may be run here, such as an untrusted workspace; absent: all may'),
    ),
  hosts: z
    .array(hostNameSchema)
    .check(
      z.describe(
        'that nodes can live on besides this machine, by mesh.hosts.json; none where nothing may be run',
      ),
    ),
  running: z.array(simIdSchema),
  held: z
    .optional(simIdSchema)
    .check(z.describe('a run that is sealed, and whose nodes are up until it is ended')),
});

/** A notice on the workspace's own stream: what changed, so that a client asks anew. */
export const noticeSchema = z.strictObject({
  changed: z.enum(['provenance', 'runs', 'workspace']),
  running: z.array(simIdSchema),
});

export const healthSchema = z.strictObject({
  status: z.literal('ok'),
  product: z.string(),
  generation: z.string().check(z.describe('changes with every start of the orchestrator')),
});

/** RFC 9457, with the same `code` the command line prints. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
});

export type StartRequest = z.input<typeof startRequestSchema>;
export type Started = z.infer<typeof startedSchema>;
export type RecordRequest = z.infer<typeof recordRequestSchema>;
export type Recorded = z.infer<typeof recordedSchema>;
export type RunSnapshot = z.infer<typeof snapshotSchema>;
export type StreamEnd = z.infer<typeof streamEndSchema>;
export type CapsuleSummary = z.infer<typeof capsuleSummarySchema>;
export type CapsuleList = z.infer<typeof capsuleListSchema>;
export type PackRequest = z.input<typeof packRequestSchema>;
export type Packed = z.infer<typeof packedSchema>;
export type VerificationStep = z.infer<typeof verificationStepSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type WorkspaceState = z.infer<typeof workspaceStateSchema>;
export type Notice = z.infer<typeof noticeSchema>;
export type Health = z.infer<typeof healthSchema>;
export type Problem = z.infer<typeof problemSchema>;
