import {
  DEPLOY_PREDICATE,
  SVR_PREDICATE,
  decisionStatementSchema,
  deployStatementSchema,
  type DecisionStatement,
  type DeployStatement,
} from './deploy.ts';
import { TEST_RESULT_PREDICATE, statementSchema, type EvidenceStatement } from './evidence.ts';
import type { SignedKind } from './ledgerEntry.ts';
import { PACK, type PackStatement } from './packStatement.ts';
import type { StatementKind } from './statementKind.ts';

/** What the body of each kind of ledger entry states. */
export interface Statements {
  readonly pack: PackStatement;
  readonly 'sim-result': EvidenceStatement;
  readonly 'gate-decision': DecisionStatement;
  readonly deploy: DeployStatement;
}

const MEBIBYTE = 1024 * 1024;

export const TEST_RESULT: StatementKind<EvidenceStatement> = {
  name: 'a mesh-sim test result',
  predicateType: TEST_RESULT_PREDICATE,
  schema: statementSchema,
  maxBytes: 8 * MEBIBYTE,
};

export const GATE_DECISION: StatementKind<DecisionStatement> = {
  name: 'a signed gate decision',
  predicateType: SVR_PREDICATE,
  schema: decisionStatementSchema,
  maxBytes: 8 * MEBIBYTE,
};

export const DEPLOY: StatementKind<DeployStatement> = {
  name: 'a signed deploy record',
  predicateType: DEPLOY_PREDICATE,
  schema: deployStatementSchema,
  maxBytes: 8 * MEBIBYTE,
};

/** Everything the Capsule key signs, by the ledger entry that stands for it. */
export const STATEMENT_KINDS: { readonly [K in SignedKind]: StatementKind<Statements[K]> } = {
  pack: PACK,
  'sim-result': TEST_RESULT,
  'gate-decision': GATE_DECISION,
  deploy: DEPLOY,
};
