import * as z from 'zod/mini';
import { ruleResultSchema } from './deploy.ts';
import { countSchema, digestSchema, isoTimeSchema, simIdSchema } from './names.ts';

/** What the HTTP API gives of the ledger: the timeline and the chain of trust. */

/** The id of one provenance run: the RFC 6962 leaf hash of its ledger entry. */
export const runIdSchema = digestSchema;

export const signerSchema = z.strictObject({
  publicKey: digestSchema,
  fingerprint: z.string().check(z.describe('SHA256:…, as ssh-keygen prints it')),
  name: z.optional(z.string()).check(z.describe("its principal in the user's allowed_signers")),
  isTrusted: z.boolean(),
});

/** One row of the provenance timeline: a ledger entry, told for a person. */
export const provenanceRunSchema = z.strictObject({
  runId: runIdSchema,
  index: countSchema,
  at: isoTimeSchema,
  kind: z.enum(['pack', 'simulation', 'gate-decision', 'deploy']),
  capsuleHash: digestSchema,
  product: z
    .string()
    .check(z.describe("the Capsule's product name; empty when its content is gone")),
  previous: z.optional(digestSchema).check(z.describe('leaf hash of the entry before it')),
  signer: z.optional(signerSchema),
  title: z.string().check(z.describe('such as "Mesh-sim, 5 nodes, chaos"')),
  summary: z
    .string()
    .check(
      z.describe(
        'one short sentence: services and size, READY 5/5 in 5.58 s, the cause, why glass was broken',
      ),
    ),
  simId: z.optional(simIdSchema),
  environment: z.optional(z.string()).check(z.describe('of a gate decision or a deploy')),
  status: z
    .enum(['packed', 'pass', 'fail', 'running', 'unfinished', 'allowed', 'refused', 'deployed'])
    .check(z.describe('unfinished: started, and never sealed')),
  upgrade: z
    .optional(
      z.strictObject({
        from: digestSchema.check(z.describe('the Capsule that all nodes ran at first')),
        wentBack: z
          .boolean()
          .check(z.describe('all nodes ran that Capsule again before the run ended')),
      }),
    )
    .check(z.describe('of a rehearsed upgrade, as its evidence says')),
  isBreakGlass: z
    .optional(z.boolean())
    .check(z.describe('a decision that allowed against its gate: show it loudly')),
  isProven: z
    .boolean()
    .check(
      z.describe(
        'whether it and all that it rests on verify now, as in the chain of trust; chunks of a Capsule are not read for this',
      ),
    ),
  problem: z.optional(z.string()).check(z.describe('why it is not proven, one sentence')),
});

export const integritySchema = z.strictObject({
  status: z.enum(['empty', 'intact', 'broken']),
  size: countSchema,
  verified: countSchema.check(z.describe('entries up to which every link holds')),
  brokenAt: z.optional(countSchema),
  sentence: z.string(),
});

export const provenancePageSchema = z.strictObject({
  integrity: integritySchema,
  runs: z.array(provenanceRunSchema).check(z.describe('newest first')),
  next: z.optional(countSchema).check(z.describe('pass as "before" for the next page')),
});

export const graphNodeSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['capsule', 'evidence', 'gate-decision', 'deploy']),
  title: z.string(),
  lines: z.array(z.string()),
  status: z
    .enum(['proven', 'failed', 'refused', 'unproven'])
    .check(z.describe('unproven: something about it, or about what it rests on, does not verify')),
  capsuleHash: digestSchema,
  index: countSchema.check(z.describe('of its ledger entry')),
  at: isoTimeSchema,
  environment: z.optional(z.string()),
  rules: z
    .optional(z.array(ruleResultSchema))
    .check(z.describe('of a gate decision, all that were checked')),
  isBreakGlass: z
    .optional(z.boolean())
    .check(z.describe('allowed against its gate: show it loudly')),
  runId: z.optional(runIdSchema),
  simId: z.optional(simIdSchema),
});

export const graphEdgeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  status: z.enum(['proven', 'refused', 'unproven']),
  sentence: z.string().check(z.describe('which check made it so')),
});

/** A Capsule that took the place of another in a rehearsal. */
export const upgradeEdgeSchema = z.strictObject({
  from: z.string().check(z.describe('the node of the Capsule that ran before')),
  to: z.string().check(z.describe('the node of the one that took its place')),
  evidence: z.string().check(z.describe('the node of the evidence that says so')),
  status: z
    .enum(['proven', 'failed', 'unproven'])
    .check(z.describe('failed: it was rehearsed, and did not pass')),
  sentence: z.string(),
});

export const provenanceGraphSchema = z.strictObject({
  checkedAt: isoTimeSchema,
  nodes: z
    .array(graphNodeSchema)
    .check(z.describe('newest first; parents of what a page shows are on it')),
  edges: z.array(graphEdgeSchema),
  upgrades: z
    .array(upgradeEdgeSchema)
    .check(
      z.describe(
        'rehearsed upgrades of which the graph has both Capsules: the older is a parent too',
      ),
    ),
  problem: z
    .optional(z.string())
    .check(
      z.describe(
        'why the ledger does not hold: entries may be missing here, and none behind is proven',
      ),
    ),
  next: z.optional(countSchema).check(z.describe('pass as "before" for the next page')),
});

export type Signer = z.infer<typeof signerSchema>;
export type ProvenanceRun = z.infer<typeof provenanceRunSchema>;
export type Integrity = z.infer<typeof integritySchema>;
export type ProvenancePage = z.infer<typeof provenancePageSchema>;
export type GraphNode = z.infer<typeof graphNodeSchema>;
export type GraphEdge = z.infer<typeof graphEdgeSchema>;
export type UpgradeEdge = z.infer<typeof upgradeEdgeSchema>;
export type ProvenanceGraph = z.infer<typeof provenanceGraphSchema>;
