import * as z from 'zod/mini';
import { dsseEnvelopeSchema } from './dsse.ts';
import { faultReportSchema } from './faultReport.ts';
import { hostedNodeSchema } from './hostReport.ts';
import { indicatorSchema } from './indicator.ts';
import { OBSERVED } from './invariants.ts';
import {
  countSchema,
  digestSchema,
  isoTimeSchema,
  nodeIdSchema,
  serviceNameSchema,
  simIdSchema,
} from './names.ts';
import { planSchema } from './plan.ts';
import { quantilesSchema } from './quantiles.ts';
import { usedProgramSchema } from './requiredProgram.ts';
import { runEnvironmentSchema } from './runEnvironment.ts';
import { serviceTrafficSchema } from './serviceTraffic.ts';
import { capsuleSubjectSchema, STATEMENT_TYPE } from './statementKind.ts';
import { upgradeEvidenceSchema } from './upgradeEvidence.ts';

export { DSSE_PAYLOAD_TYPE, dsseEnvelopeSchema } from './dsse.ts';
export type { DsseEnvelope } from './dsse.ts';

export const TEST_RESULT_PREDICATE = 'https://in-toto.io/attestation/test-result/v0.1';
export const RESULT_PAYLOAD_TYPE = 'application/vnd.oursynth.mesh-sim.result.v1+json';
/** What is written of a run without an upgrade. v1, which is still read, says `passed` of an invariant where v2 says what was `observed`. */
export const EVIDENCE_SCHEMA = 'urn:oursynth:mesh-sim:evidence:v2';
/** What is written of a run with an upgrade, and of no other: v2, and what the upgrade came to. */
export const EVIDENCE_SCHEMA_V3 = 'urn:oursynth:mesh-sim:evidence:v3';
export const EVIDENCE_SCHEMA_V1 = 'urn:oursynth:mesh-sim:evidence:v1';
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

const sha256Object = z.strictObject({ sha256: digestSchema });
const publicKeySchema = digestSchema.check(
  z.describe('raw Ed25519 public key, 64 lower-case hex digits'),
);

/** The product owner's type; nothing may be added to it or left out of it. */
export const meshSimResultSchema = z.strictObject({
  simId: simIdSchema,
  capsuleHash: digestSchema,
  params: z.strictObject({
    nodes: z.int().check(z.minimum(2), z.maximum(10)),
    latencyMs: z.tuple([z.number().check(z.minimum(0)), z.number().check(z.minimum(0))]),
    packetLoss: z.number().check(z.minimum(0), z.maximum(100)),
    chaosMode: z.optional(z.boolean()),
  }),
  nodeReports: z
    .array(
      z.strictObject({
        nodeId: nodeIdSchema,
        phases: z.array(
          z.strictObject({
            name: z.string().check(z.minLength(1)),
            start: isoTimeSchema,
            end: isoTimeSchema,
            status: z.enum(['ok', 'error']),
            details: z.optional(z.string()),
          }),
        ),
        signatureVerified: z.boolean(),
      }),
    )
    .check(z.minLength(2), z.maxLength(10)),
  latencyMatrix: z.array(z.array(z.number().check(z.minimum(-1)))),
  outcome: z.enum(['pass', 'fail']),
  startedAt: isoTimeSchema,
  endedAt: isoTimeSchema,
  signedBy: publicKeySchema,
});

const stated = { name: z.string().check(z.minLength(1)), details: z.string() };
const invariantV1Schema = z.strictObject({ ...stated, passed: z.boolean() });
export const invariantSchema = z.strictObject({ ...stated, observed: z.enum(OBSERVED) });

const linkReportV1Schema = z.strictObject({
  from: nodeIdSchema,
  to: nodeIdSchema,
  sent: countSchema,
  delivered: countSchema,
  dropped: countSchema.check(z.describe('by the link model: lost, corrupt, overflow')),
  unreachable: countSchema.check(z.describe('blackholed, or the peer was down')),
  configuredMs: quantilesSchema,
  achievedMs: quantilesSchema,
});
export const linkReportSchema = z.extend(linkReportV1Schema, {
  lost: countSchema.check(z.describe("of those dropped, the ones the link's loss took")),
});

export const nodeRecoverySchema = z.strictObject({
  nodeId: nodeIdSchema,
  crashes: countSchema,
  kept: countSchema.check(z.describe('chunks found intact on disk after the last restart')),
  redelivered: countSchema.check(
    z.describe('chunks delivered again although they had been held before a crash'),
  ),
  refused: countSchema.check(z.describe('manifests and chunks this node refused')),
});

const network = {
  decisionsDigest: digestSchema.check(
    z.describe('over every (link, flow, packet number, decision)'),
  ),
  timingErrorMs: quantilesSchema.check(z.describe('achieved minus configured delay')),
  lowerBoundMs: z
    .number()
    .check(z.minimum(0), z.describe('T_LB of the dissemination, see docs/network.md')),
  disseminationMs: z
    .number()
    .check(
      z.minimum(-1),
      z.describe('measured: first chunk sent to last chunk stored; -1: never completed'),
    ),
  efficiency: z.number().check(z.minimum(0)),
  bandwidthModel: z.enum(['unlimited', 'uplink', 'link']),
};
const networkReportV1Schema = z.strictObject({ links: z.array(linkReportV1Schema), ...network });
export const networkReportSchema = z.strictObject({
  links: z.array(linkReportSchema),
  ...network,
  services: z
    .optional(serviceTrafficSchema)
    .check(
      z.describe(
        'left out: services of different nodes were not connected, or an earlier release sealed it',
      ),
    ),
});
/** Of either schema. */
export const statedNetworkSchema = z.union([networkReportSchema, networkReportV1Schema]);

export const ranOnNodeSchema = z.strictObject({
  nodeId: nodeIdSchema,
  services: z
    .array(serviceNameSchema)
    .check(z.describe('those that passed their health check there, in the order of their names')),
});

const extension = {
  result: meshSimResultSchema,
  resultDigest: sha256Object,
  resultSignature: z.strictObject({
    payloadType: z.literal(RESULT_PAYLOAD_TYPE),
    keyid: z.string(),
    publicKey: publicKeySchema,
    sig: z.base64(),
  }),
  plan: planSchema,
  capsule: z.strictObject({ digest: sha256Object, envelope: dsseEnvelopeSchema }),
  links: z.array(
    z.strictObject({
      rel: z.enum(['capsule-pack', 'deploy', 'previous-sim']),
      digest: sha256Object,
    }),
  ),
  events: z.strictObject({
    mediaType: z.literal('application/x-ndjson'),
    count: countSchema,
    digest: sha256Object,
    merkleRoot: digestSchema,
  }),
  recovery: z.array(nodeRecoverySchema),
  indicators: z.array(indicatorSchema),
  environment: runEnvironmentSchema,
};

const extensionV2 = {
  ...extension,
  network: networkReportSchema,
  faults: z.array(faultReportSchema),
  ran: z
    .optional(z.array(ranOnNodeSchema))
    .check(
      z.describe(
        'by node, in order; left out: no service runs in virtual time, or an earlier release sealed it',
      ),
    ),
  held: z
    .optional(z.literal(true))
    .check(
      z.describe(
        'its nodes were held up to be looked at, and ran on when it was sealed; left out: they had been stopped',
      ),
    ),
  programs: z
    .optional(z.array(usedProgramSchema))
    .check(z.describe('that services ran; left out: the Capsule requires none, or it is virtual')),
  hosts: z
    .optional(z.array(hostedNodeSchema).check(z.minLength(1)))
    .check(
      z.describe(
        'nodes that lived on other machines, in order; left out: all lived beside the orchestrator',
      ),
    ),
  invariants: z.array(invariantSchema),
};

export const evidenceExtensionSchema = z.discriminatedUnion('schema', [
  z.strictObject({
    schema: z.literal(EVIDENCE_SCHEMA_V1),
    ...extension,
    network: networkReportV1Schema,
    invariants: z.array(invariantV1Schema),
  }),
  z.strictObject({ schema: z.literal(EVIDENCE_SCHEMA), ...extensionV2 }),
  z.strictObject({
    schema: z.literal(EVIDENCE_SCHEMA_V3),
    ...extensionV2,
    upgrade: upgradeEvidenceSchema,
  }),
]);

export const statementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: capsuleSubjectSchema,
  predicateType: z.literal(TEST_RESULT_PREDICATE),
  predicate: z.strictObject({
    result: z.enum(['PASSED', 'FAILED']),
    configuration: z
      .array(
        z.strictObject({
          name: z.literal('params.json'),
          digest: sha256Object,
          content: z.base64(),
          mediaType: z.literal('application/json'),
        }),
      )
      .check(z.length(1)),
    url: z.string().check(z.startsWith('urn:uuid:')),
    passedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
    meshsim_evidence: evidenceExtensionSchema,
  }),
});

export type MeshSimResult = z.infer<typeof meshSimResultSchema>;
export type LinkReport = z.infer<typeof linkReportSchema>;
export type NodeRecovery = z.infer<typeof nodeRecoverySchema>;
export type NetworkReport = z.infer<typeof networkReportSchema>;
/** As evidence of either schema states it: v1 does not tell lost packets from others that were dropped. */
export type StatedNetwork = z.infer<typeof statedNetworkSchema>;
export type StatedLink = StatedNetwork['links'][number];
/** The services that ran on a node. */
export type RanOnNode = z.infer<typeof ranOnNodeSchema>;
export type RunEnvironment = z.infer<typeof runEnvironmentSchema>;
export type EvidenceExtension = z.infer<typeof evidenceExtensionSchema>;
export type EvidenceStatement = z.infer<typeof statementSchema>;
export type NodeReport = MeshSimResult['nodeReports'][number];
