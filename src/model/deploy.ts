import * as z from 'zod/mini';
import { digestSchema, isoTimeSchema, simIdSchema } from './names.ts';
import type { gatePolicySchema } from './environments.ts';
import { environmentNameSchema, TARGET_KINDS } from './environmentName.ts';
import { capsuleSubjectSchema, ledgerOriginSchema, STATEMENT_TYPE } from './statementKind.ts';

/** In the order they are checked. `docs/gate.md` tells each. */
export const GATE_RULES = [
  'ledger-intact',
  'capsule-signed',
  'capsule-clean',
  'records-intact',
  'clock-sane',
  'rehearsed',
  'newest-run-sealed',
  'evidence-recorded',
  'evidence-genuine',
  'same-capsule',
  'signer-trusted',
  'signer-allowed',
  'outcome-pass',
  'not-in-future',
  'fresh',
  'real-world',
  'isolated',
  'programs',
  'hosts',
  'full-fidelity',
  'not-held',
  'no-drift',
  'signatures-checked',
  'enough-nodes',
  'enough-loss',
  'enough-latency',
  'chaos',
  'objectives',
  'from-active',
  'way-back',
  'break-glass',
] as const;
export const gateRuleSchema = z.enum(GATE_RULES);
export type GateRule = z.infer<typeof gateRuleSchema>;

export const ruleResultSchema = z.strictObject({
  rule: gateRuleSchema,
  status: z
    .enum(['ok', 'failed', 'skipped'])
    .check(
      z.describe('skipped: there is nothing to check it on, or the policy does not ask for it'),
    ),
  sentence: z.string(),
});

/** What the gate found. `deny` unless every rule holds, or break-glass was allowed and used. */
export const decisionSchema = z.strictObject({
  environment: environmentNameSchema,
  capsuleHash: digestSchema,
  decision: z.enum(['allow', 'deny']),
  decidedAt: isoTimeSchema,
  rules: z.array(ruleResultSchema),
  evidence: z.optional(
    z.strictObject({
      simId: simIdSchema,
      digest: digestSchema.check(z.describe('of its signed envelope')),
    }),
  ),
  breakGlass: z
    .optional(z.strictObject({ reason: z.string(), overridden: z.array(gateRuleSchema) }))
    .check(z.describe('allowed against the rules it names, for the reason given')),
});

const sha256 = z.strictObject({ sha256: digestSchema });
const ledger = z
  .optional(ledgerOriginSchema)
  .check(z.describe('the ledger it is recorded in; records of earlier releases do not say it'));

export const SVR_PREDICATE = 'https://in-toto.io/attestation/svr/v0.2';
export const GATE_VERIFIER = 'urn:oursynth:mesh-sim:gate:v1';
export const DEPLOY_PREDICATE = 'urn:oursynth:mesh-sim:deploy:v1';

/** in-toto Simple Verification Result v0.2 (attestation/spec/predicates/svr.md) with one extension field. */
export const decisionStatementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: capsuleSubjectSchema,
  predicateType: z.literal(SVR_PREDICATE),
  predicate: z.strictObject({
    verifier: z.strictObject({
      id: z.literal(GATE_VERIFIER),
      policies: z.array(
        z.strictObject({
          name: z.literal('policy.json'),
          uri: z.string(),
          digest: sha256,
          content: z.base64(),
          mediaType: z.literal('application/json'),
        }),
      ),
    }),
    timeCreated: isoTimeSchema,
    properties: z
      .array(z.string())
      .check(z.describe('the rules that held; on allow, that it is allowed')),
    meshsim_gate: decisionSchema,
    meshsim_ledger: ledger,
  }),
});

export const deployStatusSchema = z.enum(['deployed', 'failed', 'rolled-back']);

export const deployStepSchema = z.strictObject({
  step: z.enum(['materialise', 'prepare', 'activate', 'health', 'restore']),
  status: z.enum(['ok', 'failed']),
  sentence: z.string(),
  endedAt: isoTimeSchema,
});

/** What was done to an environment. */
export const deployRecordSchema = z.strictObject({
  environment: environmentNameSchema,
  target: z.enum(TARGET_KINDS),
  status: deployStatusSchema.check(z.describe('rolled-back: a person went back to this Capsule')),
  capsuleHash: digestSchema,
  decision: digestSchema.check(
    z.describe('envelope of the gate decision that let this Capsule in'),
  ),
  previous: z.optional(digestSchema).check(z.describe('the Capsule that was active before')),
  active: z.optional(digestSchema).check(z.describe('the Capsule that is active now')),
  startedAt: isoTimeSchema,
  endedAt: isoTimeSchema,
  steps: z.array(deployStepSchema),
  cause: z.optional(z.string()).check(z.describe('why it failed')),
});

export const deployStatementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: capsuleSubjectSchema,
  predicateType: z.literal(DEPLOY_PREDICATE),
  predicate: z.extend(deployRecordSchema, { ledger }),
});

/** A policy with nothing left open. Undefined: this environment asks for no rehearsal. */
export type EffectivePolicy = z.infer<typeof gatePolicySchema>;
export type RuleResult = z.infer<typeof ruleResultSchema>;
export type Decision = z.infer<typeof decisionSchema>;
export type DeployStep = z.infer<typeof deployStepSchema>;
export type DecisionStatement = z.infer<typeof decisionStatementSchema>;
export type DeployStatement = z.infer<typeof deployStatementSchema>;
export type DeployRecord = z.infer<typeof deployRecordSchema>;

/** The sentences of the rules that do not hold. */
export function reasonsOf({ rules }: Pick<Decision, 'rules'>): string[] {
  return rules.filter(({ status }) => status === 'failed').map(({ sentence }) => sentence);
}
