import {
  DEPLOY_PREDICATE,
  GATE_VERIFIER,
  SVR_PREDICATE,
  type Decision,
  type DecisionStatement,
  type DeployRecord,
  type DeployStatement,
  type EffectivePolicy,
} from '../model/deploy.ts';
import { capsuleSubject, STATEMENT_TYPE } from '../model/statementKind.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';

/** Scoped as the specification asks, such as MESHSIM_GATE_FRESH. */
function propertiesOf({ decision, environment, rules }: Decision): string[] {
  const property = (name: string) => `MESHSIM_GATE_${name.toUpperCase().replaceAll('-', '_')}`;
  const held = rules.filter(({ status }) => status === 'ok').map(({ rule }) => property(rule));
  return decision === 'allow' ? [...held, property(`allowed-${environment}`)] : held;
}

/** The decision as an in-toto Simple Verification Result v0.2. @param ledger origin of the ledger it is recorded in */
export function decisionStatement(
  decision: Decision,
  policy: EffectivePolicy | undefined,
  ledger: string,
): DecisionStatement {
  const content = policy === undefined ? undefined : canonicalBytes(policy);
  return {
    _type: STATEMENT_TYPE,
    subject: capsuleSubject(decision.capsuleHash),
    predicateType: SVR_PREDICATE,
    predicate: {
      verifier: {
        id: GATE_VERIFIER,
        policies: content === undefined ? [] : [policyOf(decision.environment, content)],
      },
      timeCreated: decision.decidedAt,
      properties: propertiesOf(decision),
      meshsim_gate: decision,
      meshsim_ledger: ledger,
    },
  };
}

type Policy = DecisionStatement['predicate']['verifier']['policies'][number];

function policyOf(environment: string, content: Uint8Array): Policy {
  return {
    name: 'policy.json',
    uri: `urn:oursynth:mesh-sim:environment:${environment}`,
    digest: { sha256: sha256Hex(content) },
    content: Buffer.from(content).toString('base64'),
    mediaType: 'application/json',
  };
}

/** What was done to an environment, as an in-toto Statement. @param ledger origin of the ledger it is recorded in */
export function deployStatement(record: DeployRecord, ledger: string): DeployStatement {
  return {
    _type: STATEMENT_TYPE,
    subject: capsuleSubject(record.capsuleHash),
    predicateType: DEPLOY_PREDICATE,
    predicate: { ...record, ledger },
  };
}
