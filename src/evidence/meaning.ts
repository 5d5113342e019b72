import type { EvidenceStatement, MeshSimResult } from '../model/evidence.ts';
import {
  INVARIANTS,
  MAY_GO_UNOBSERVED,
  OBJECTIVES_INVARIANT,
  REGRESSION_INVARIANT,
  observedOf,
} from '../model/invariants.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { outcomeOf } from '../model/outcome.ts';
import { isMet } from '../model/serviceMeasures.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';
import { resultParams } from './resultParams.ts';
import { testNames } from './testNames.ts';

/** One rule about what a statement says. Undefined when it holds, else one sentence. */
type Rule = (statement: EvidenceStatement) => string | undefined;

function isSame(left: unknown, right: unknown): boolean {
  return Buffer.compare(canonicalBytes(left), canonicalBytes(right)) === 0;
}

const outcomeFollows: Rule = ({ predicate }) => {
  const { result, invariants, plan } = predicate.meshsim_evidence;
  const outcome = outcomeOf(result.nodeReports, invariants, plan.params.verifySignatures);
  if (outcome !== result.outcome) {
    return `It claims the outcome "${result.outcome}", but its node reports and invariants add up to "${outcome}".`;
  }
  const expected = outcome === 'pass' ? 'PASSED' : 'FAILED';
  return predicate.result === expected
    ? undefined
    : `The statement says ${predicate.result} of a result that says "${outcome}".`;
};

const reportsEveryNode: Rule = ({ predicate }) => {
  const { params, nodeReports } = predicate.meshsim_evidence.result;
  const isComplete =
    nodeReports.length === params.nodes &&
    nodeReports.every((report, index) => report.nodeId === nodeIdOf(index));
  return isComplete
    ? undefined
    : `It must report n0 to ${nodeIdOf(params.nodes - 1)} once each, in order.`;
};

const namesEveryInvariant: Rule = ({ predicate }) => {
  const { invariants, plan } = predicate.meshsim_evidence;
  const names = invariants.map(({ name }) => name).sort();
  const needed = [
    ...INVARIANTS,
    ...(plan.failOnObjectives === true ? [OBJECTIVES_INVARIANT] : []),
    ...(plan.failOnRegression === true ? [REGRESSION_INVARIANT] : []),
  ];
  return isSame(names, [...needed].sort())
    ? undefined
    : `It must judge each of these invariants once: ${needed.join(', ')}.`;
};

/** A pass must not rest on what nobody looked at. */
const observesWhatItCan: Rule = ({ predicate }) => {
  const unseen = predicate.meshsim_evidence.invariants.find(
    (invariant) =>
      observedOf(invariant) === 'not-observed' && !MAY_GO_UNOBSERVED.includes(invariant.name),
  );
  return unseen && `It says that "${unseen.name}" was not observed, which every run observes.`;
};

const indicatorsFollow: Rule = ({ predicate }) => {
  const { indicators, invariants } = predicate.meshsim_evidence;
  const wrong = indicators.find((indicator) => indicator.passed !== isMet(indicator));
  if (wrong !== undefined) {
    const { name, value, comparator, threshold, passed } = wrong;
    return `It says the objective "${name}" was ${passed ? 'met' : 'missed'}, measured ${value}, wanted ${comparator} ${threshold}.`;
  }
  if (new Set(indicators.map(({ name }) => name)).size < indicators.length) {
    return 'It states the same indicator twice.';
  }
  const judged = invariants.find(({ name }) => name === OBJECTIVES_INVARIANT);
  return judged !== undefined &&
    observedOf(judged) === 'held' &&
    indicators.some(({ passed }) => !passed)
    ? `It says that "${OBJECTIVES_INVARIANT}" held, although an objective was missed.`
    : undefined;
};

const matrixIsSquare: Rule = ({ predicate }) => {
  const { latencyMatrix, params } = predicate.meshsim_evidence.result;
  const isSquare =
    latencyMatrix.length === params.nodes &&
    latencyMatrix.every((row) => row.length === params.nodes);
  if (!isSquare) return `The latency matrix is not ${params.nodes} × ${params.nodes}.`;
  const hasSense = latencyMatrix.every((row, from) =>
    row.every((value, to) => (from === to ? value === 0 : value >= 0 || value === -1)),
  );
  return hasSense
    ? undefined
    : 'The latency matrix must be 0 on its diagonal, and a latency or -1 everywhere else.';
};

function phasesAreOrdered(result: MeshSimResult): boolean {
  // ISO 8601 in UTC with fixed precision: the order of the texts is the order of the times.
  const { startedAt, endedAt } = result;
  return result.nodeReports.every(({ phases }) =>
    phases.every(({ start, end }, at) => {
      const before = phases[at - 1]?.start ?? startedAt;
      return before <= start && start <= end && end <= endedAt;
    }),
  );
}

const timesAreOrdered: Rule = ({ predicate }) => {
  const { result } = predicate.meshsim_evidence;
  if (result.startedAt > result.endedAt) return 'The run ends before it starts.';
  return phasesAreOrdered(result)
    ? undefined
    : 'A phase lies outside the run, ends before it starts, or starts before the one before it.';
};

const testsFollow: Rule = ({ predicate }) => {
  const { result, invariants } = predicate.meshsim_evidence;
  const { passedTests, failedTests } = predicate;
  return isSame({ passedTests, failedTests }, testNames(result.nodeReports, invariants))
    ? undefined
    : 'The lists of passed and failed tests are not those of the node reports and invariants.';
};

const configurationFollows: Rule = ({ predicate }) => {
  const { result } = predicate.meshsim_evidence;
  const [configuration] = predicate.configuration;
  const content = Buffer.from(configuration?.content ?? '', 'base64');
  if (sha256Hex(content) !== configuration?.digest.sha256) {
    return "The configuration's digest is not that of its content.";
  }
  return Buffer.compare(content, canonicalBytes(result.params)) === 0
    ? undefined
    : "The configuration is not the result's parameters.";
};

const planFits: Rule = ({ predicate }) => {
  const { result, plan } = predicate.meshsim_evidence;
  if (plan.capsuleHash !== result.capsuleHash) return 'The plan is of another Capsule.';
  return isSame(resultParams(plan), result.params)
    ? undefined
    : "The plan's parameters are not the result's.";
};

const urlFits: Rule = ({ predicate }) =>
  predicate.url === `urn:uuid:${predicate.meshsim_evidence.result.simId}`
    ? undefined
    : 'The statement is about another simulation than its result.';

const RULES: readonly Rule[] = [
  outcomeFollows,
  reportsEveryNode,
  namesEveryInvariant,
  observesWhatItCan,
  indicatorsFollow,
  matrixIsSquare,
  timesAreOrdered,
  testsFollow,
  configurationFollows,
  planFits,
  urlFits,
];

/** What contradicts itself in a statement, first of all rules; undefined when it makes sense. */
export function contradictionIn(statement: EvidenceStatement): string | undefined {
  for (const rule of RULES) {
    const problem = rule(statement);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
