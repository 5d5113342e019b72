import { shortened } from '../../base/shortText.ts';
import { printable } from '../../base/visibleText.ts';
import type { DsseEnvelope, EvidenceStatement } from '../../model/evidence.ts';
import { PACK, type PackStatement } from '../../model/packStatement.ts';
import { isProgram } from '../../model/registry.ts';
import type { RequiredProgram } from '../../model/requiredProgram.ts';
import { statementIn } from '../../signing/statement.ts';
import { CHECKLIST } from './checklist.ts';
import { nodeClaimsOf } from './nodeClaims.ts';
import { plannedRun } from './plannedRun.ts';
import type { Claims } from './rule.ts';
import { upgradeClaimsOf } from './upgradeClaims.ts';

/** A hostile file may contradict itself in thousands of ways: a reader learns no more from more than these. */
const MOST_SENTENCES = 20;
const MOST_LENGTH = 400;

function claimsOf(statement: EvidenceStatement): Claims {
  const evidence = statement.predicate.meshsim_evidence;
  const { result, plan } = evidence;
  const planned = plannedRun(plan);
  const services = servicesIn(evidence.capsule.envelope);
  const before = 'upgrade' in evidence ? servicesIn(evidence.upgrade.from.envelope) : undefined;
  const run = typeof planned === 'string' ? undefined : planned;
  return {
    statement,
    evidence,
    result,
    plan,
    invariants: evidence.invariants,
    services: services?.map(({ name }) => name),
    programs: services && programsIn(services),
    nodes: nodeClaimsOf(evidence),
    planned: run,
    upgrade: upgradeClaimsOf(
      evidence,
      run,
      before?.map(({ name }) => name),
    ),
    lastedMs: Date.parse(result.endedAt) - Date.parse(result.startedAt),
  };
}

type Source =
  PackStatement['predicate']['buildDefinition']['externalParameters']['services'][number];

function servicesIn(packed: DsseEnvelope): readonly Source[] | undefined {
  try {
    const bytes = Buffer.from(packed.payload, 'base64');
    const { predicate } = statementIn({ kind: PACK, bytes }).statement;
    return predicate.buildDefinition.externalParameters.services;
  } catch {
    return undefined;
  }
}

function programsIn(services: readonly Source[]): Map<string, RequiredProgram> {
  return new Map(
    services.flatMap((service) => (isProgram(service) ? [[service.name, service.program]] : [])),
  );
}

/**
 * All that contradicts itself, or its plan, in a statement: a sentence each, in the order of the checklist; empty when it makes
 * sense. At most 20 sentences of at most 400 characters; how many more there are is the last of them.
 */
export function contradictionsIn(statement: EvidenceStatement): string[] {
  const claims = claimsOf(statement);
  const found = CHECKLIST.flatMap((rule) => [...rule(claims)]);
  const shown = found
    .slice(0, MOST_SENTENCES)
    .map((sentence) => shortened(printable(sentence), MOST_LENGTH));
  const more = found.length - shown.length;
  return more > 0 ? [...shown, `And ${more} more contradictions.`] : shown;
}
