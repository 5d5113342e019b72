import {
  DEPLOY_PREDICATE,
  GATE_VERIFIER,
  SVR_PREDICATE,
  decisionStatementSchema,
  deployStatementSchema,
  type Decision,
  type DeployRecord,
  type EffectivePolicy,
} from '../model/deploy.ts';
import { STATEMENT_TYPE } from '../model/evidence.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';

function subjectOf(capsuleHash: string) {
  return [{ name: 'capsule.json', digest: { sha256: capsuleHash } }];
}

/** Scoped as the specification asks, such as MESHSIM_GATE_FRESH. */
function propertiesOf({ decision, environment, rules }: Decision): string[] {
  const property = (name: string) => `MESHSIM_GATE_${name.toUpperCase().replaceAll('-', '_')}`;
  const held = rules.filter(({ status }) => status === 'ok').map(({ rule }) => property(rule));
  return decision === 'allow' ? [...held, property(`allowed-${environment}`)] : held;
}

/** The decision as an in-toto Simple Verification Result v0.2; JCS bytes for a DSSE envelope. */
export function decisionStatement(
  decision: Decision,
  policy: EffectivePolicy | undefined,
): Uint8Array {
  const content = policy === undefined ? undefined : canonicalBytes(policy);
  const policies =
    content === undefined
      ? []
      : [
          {
            name: 'policy.json',
            uri: `urn:oursynth:mesh-sim:environment:${decision.environment}`,
            digest: { sha256: sha256Hex(content) },
            content: Buffer.from(content).toString('base64'),
            mediaType: 'application/json',
          },
        ];
  return canonicalBytes(
    decisionStatementSchema.parse({
      _type: STATEMENT_TYPE,
      subject: subjectOf(decision.capsuleHash),
      predicateType: SVR_PREDICATE,
      predicate: {
        verifier: { id: GATE_VERIFIER, policies },
        timeCreated: decision.decidedAt,
        properties: propertiesOf(decision),
        meshsim_gate: decision,
      },
    }),
  );
}

/** What was done to an environment, as an in-toto Statement; JCS bytes for a DSSE envelope. */
export function deployStatement(record: DeployRecord): Uint8Array {
  return canonicalBytes(
    deployStatementSchema.parse({
      _type: STATEMENT_TYPE,
      subject: subjectOf(record.capsuleHash),
      predicateType: DEPLOY_PREDICATE,
      predicate: record,
    }),
  );
}
