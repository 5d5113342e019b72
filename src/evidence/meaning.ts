import type { EvidenceStatement, MeshSimResult } from '../model/evidence.ts';
import { INVARIANTS } from '../model/evidence.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { outcomeOf } from '../model/outcome.ts';
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
  const names = predicate.meshsim_evidence.invariants.map((invariant) => invariant.name);
  const isComplete = isSame([...names].sort(), [...INVARIANTS].sort());
  return isComplete
    ? undefined
    : `It must judge each of these invariants once: ${INVARIANTS.join(', ')}.`;
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
