import * as z from 'zod';
import { ruleResultSchema } from './deploy.ts';
import { comparisonSchema } from './comparison.ts';
import { eventSchema, packetBatchSchema } from './events.ts';
import { indicatorSchema, networkReportSchema, statementSchema } from './evidence.ts';
import { digestSchema, isoTimeSchema, nodeIdSchema, simIdSchema } from './names.ts';
import { paramsSchema, planSchema } from './plan.ts';

/** What the HTTP API takes and gives; docs/api.md tells the routes. */

const count = z.int().min(0);
const capsulePrefix = z
  .string()
  .regex(/^[0-9a-f]{4,64}$/, 'must be a Capsule hash or at least its first 4 hex digits');

/** The id of one provenance run: the RFC 6962 leaf hash of its ledger entry. */
export const runIdSchema = digestSchema;

const planParts = planSchema.shape;

/** Everything of a plan, and which Capsule by hash or by a provenance run. What is left out takes the plan's default. */
export const startRequestSchema = z
  .strictObject({
    capsuleHash: capsulePrefix.optional(),
    runId: z.union([runIdSchema, simIdSchema]).optional(),
    world: planParts.world.optional(),
    params: paramsSchema.partial().optional(),
    chaos: planParts.chaos.optional(),
    drift: planParts.drift.optional(),
    seed: planParts.seed.optional(),
    topology: planParts.topology.optional(),
    bandwidth: planParts.bandwidth,
    failOnObjectives: planParts.failOnObjectives,
    failOnRegression: planParts.failOnRegression,
    deadlineMs: planParts.deadlineMs.optional(),
  })
  .refine(
    (request) => (request.capsuleHash === undefined) !== (request.runId === undefined),
    'give either capsuleHash or runId',
  );

export const startedSchema = z.strictObject({
  simId: simIdSchema,
  capsuleHash: digestSchema,
  nodeIds: z.array(nodeIdSchema),
  replayOf: simIdSchema.optional(),
});

export const cancelledSchema = z.strictObject({
  simId: simIdSchema,
  status: z.literal('cancelling'),
});

export const recordRequestSchema = z.strictObject({
  simId: simIdSchema,
  result: z
    .unknown()
    .optional()
    .describe('a MeshSimResult to compare; one that differs from what was observed is refused'),
});

export const recordedSchema = z.strictObject({
  simId: simIdSchema,
  outcome: z.enum(['pass', 'fail']),
  ledgerIndex: count,
  runId: runIdSchema,
});

/** First message of a stream, and after every gap. It stands for everything up to `seq`, but packets and log lines. */
export const snapshotSchema = z.strictObject({
  simId: simIdSchema,
  seq: z.int().min(-1),
  plan: planSchema,
  product: z.string(),
  startedAt: isoTimeSchema.optional(),
  isRunning: z.boolean(),
  events: z.array(eventSchema).describe('all but packets and log lines, in order'),
  packets: z.array(packetBatchSchema).describe('the newest that are still held, oldest first'),
  droppedPackets: count.describe('packets this client will not see in detail'),
});

/** Last message of a stream of a run that ended. */
export const streamEndSchema = z.strictObject({
  simId: simIdSchema,
  outcome: z.enum(['pass', 'fail', 'cancelled', 'error']),
  sentence: z.string(),
  runId: runIdSchema.optional().describe('the ledger entry of its evidence'),
});

const signerSchema = z.strictObject({
  publicKey: digestSchema,
  fingerprint: z.string().describe('SHA256:…, as ssh-keygen prints it'),
  name: z.string().optional().describe("its principal in the user's allowed_signers"),
  isTrusted: z.boolean(),
});

/** One row of the provenance timeline: a ledger entry, told for a person. */
export const provenanceRunSchema = z.strictObject({
  runId: runIdSchema,
  index: count,
  at: isoTimeSchema,
  kind: z.enum(['pack', 'simulation', 'gate-decision', 'deploy']),
  capsuleHash: digestSchema,
  product: z.string().describe("the Capsule's product name; empty when its content is gone"),
  previous: digestSchema.optional().describe('leaf hash of the entry before it'),
  signer: signerSchema.optional(),
  title: z.string().describe('such as "Mesh-sim, 5 nodes, chaos"'),
  summary: z
    .string()
    .describe('one short sentence: services and size, READY 5/5 in 5.58 s, the cause'),
  simId: simIdSchema.optional(),
  status: z
    .enum(['packed', 'pass', 'fail', 'running', 'unfinished', 'allowed', 'refused', 'deployed'])
    .describe('unfinished: started, and never sealed'),
  isBreakGlass: z
    .boolean()
    .optional()
    .describe('a decision that allowed against its gate: show it loudly'),
  isProven: z.boolean().describe('false: the ledger is broken at or before this entry'),
});

export const integritySchema = z.strictObject({
  status: z.enum(['empty', 'intact', 'broken']),
  size: count,
  verified: count.describe('entries up to which every link holds'),
  brokenAt: count.optional(),
  sentence: z.string(),
});

export const provenancePageSchema = z.strictObject({
  integrity: integritySchema,
  runs: z.array(provenanceRunSchema).describe('newest first'),
  next: count.optional().describe('pass as "before" for the next page'),
});

export const graphNodeSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['capsule', 'evidence', 'gate-decision', 'deploy']),
  title: z.string(),
  lines: z.array(z.string()),
  status: z
    .enum(['proven', 'failed', 'refused', 'unproven'])
    .describe('unproven: something about it, or about what it rests on, does not verify'),
  capsuleHash: digestSchema,
  index: count.describe('of its ledger entry'),
  at: isoTimeSchema,
  environment: z.string().optional(),
  rules: z.array(ruleResultSchema).optional().describe('of a gate decision, all that were checked'),
  isBreakGlass: z.boolean().optional().describe('allowed against its gate: show it loudly'),
  runId: runIdSchema.optional(),
  simId: simIdSchema.optional(),
});

export const graphEdgeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  status: z.enum(['proven', 'refused', 'unproven']),
  sentence: z.string().describe('which check made it so'),
});

export const provenanceGraphSchema = z.strictObject({
  nodes: z.array(graphNodeSchema).describe('newest first; parents of what a page shows are on it'),
  edges: z.array(graphEdgeSchema),
  next: count.optional().describe('pass as "before" for the next page'),
});

export const capsuleSummarySchema = z.strictObject({
  capsuleHash: digestSchema,
  name: z.string(),
  packedAt: isoTimeSchema,
  runId: runIdSchema,
  bytes: count,
  chunks: count,
  isDirty: z.boolean(),
  signer: signerSchema,
  services: z.array(z.strictObject({ name: z.string(), commit: z.string() })),
});

export const capsuleListSchema = z.strictObject({
  capsules: z.array(capsuleSummarySchema).describe('newest first, each hash once'),
});

export const packRequestSchema = z.strictObject({
  registry: z.string().optional().describe('path in the workspace, default mesh.services.json'),
  allowDirty: z.boolean().default(false),
});

export const packedSchema = z.strictObject({
  capsuleHash: digestSchema,
  name: z.string(),
  services: count,
  bytes: count,
  ledgerIndex: count,
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
  signer: signerSchema.optional(),
  statement: statementSchema.optional(),
  parts: z
    .array(z.strictObject({ name: z.string(), bytes: count, digest: digestSchema.optional() }))
    .describe('what is in the file'),
  ledger: z
    .strictObject({ index: count, size: count, origin: z.string(), leafHash: digestSchema })
    .optional(),
  baseline: z
    .strictObject({
      simId: simIdSchema,
      endedAt: isoTimeSchema,
      network: networkReportSchema,
      indicators: z.array(indicatorSchema),
      isPinned: z.boolean(),
      comparisons: z.array(comparisonSchema),
    })
    .optional()
    .describe(
      'the pinned evidence, or the last passing one of this product before it, in this workspace',
    ),
  difference: z
    .strictObject({ expected: digestSchema, found: digestSchema })
    .optional()
    .describe(
      'SHA-256 of the statement: what the ledger recorded for the run, and what the file holds',
    ),
  hasEvents: z
    .boolean()
    .describe('true: this workspace holds the very events that were signed, so they can be shown'),
});

export const workspaceStateSchema = z.strictObject({
  folder: z.string().describe('its name, not its path'),
  product: z.string().optional().describe('the name in mesh.services.json'),
  signer: signerSchema.optional(),
  hasRegistry: z.boolean(),
  hasEnvironments: z.boolean().describe('mesh.environments.json exists: something can be deployed'),
  hasGit: z.boolean(),
  refusal: z
    .string()
    .optional()
    .describe('why nothing may be run here, such as an untrusted workspace; absent: all may'),
  running: z.array(simIdSchema),
});

/** A notice on the workspace's own stream: what changed, so that a client asks anew. */
export const noticeSchema = z.strictObject({
  changed: z.enum(['provenance', 'runs', 'workspace']),
  running: z.array(simIdSchema),
});

export const healthSchema = z.strictObject({
  status: z.literal('ok'),
  product: z.string(),
  generation: z.string().describe('changes with every start of the orchestrator'),
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
export type Signer = z.infer<typeof signerSchema>;
export type ProvenanceRun = z.infer<typeof provenanceRunSchema>;
export type Integrity = z.infer<typeof integritySchema>;
export type ProvenancePage = z.infer<typeof provenancePageSchema>;
export type GraphNode = z.infer<typeof graphNodeSchema>;
export type GraphEdge = z.infer<typeof graphEdgeSchema>;
export type ProvenanceGraph = z.infer<typeof provenanceGraphSchema>;
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
