import { isSame } from '../../signing/canonicalJson.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { outcomeOf } from '../../model/outcome.ts';
import { testNames } from '../testNames.ts';
import { type Rule } from './rule.ts';

export const outcomeFollows: Rule = function* ({ invariants, result, plan }) {
  const outcome = outcomeOf(result.nodeReports, invariants, plan.params.verifySignatures);
  if (outcome === result.outcome) return;
  yield `It claims the outcome "${result.outcome}", but its node reports and invariants add up to "${outcome}".`;
};

export const verdictIsTheOutcome: Rule = function* ({ statement, result }) {
  const expected = result.outcome === 'pass' ? 'PASSED' : 'FAILED';
  const said = statement.predicate.result;
  if (said !== expected)
    yield `The statement says ${said} of a result that says "${result.outcome}".`;
};

export const reportsEveryNode: Rule = function* ({ result }) {
  const { params, nodeReports } = result;
  const isComplete =
    nodeReports.length === params.nodes &&
    nodeReports.every((report, index) => report.nodeId === nodeIdOf(index));
  if (!isComplete) yield `It must report n0 to ${nodeIdOf(params.nodes - 1)} once each, in order.`;
};

/** In both directions: nothing that passed or failed is left out, nothing else is named. */
export const testsFollow: Rule = function* ({ statement, invariants, result }) {
  const { passedTests, failedTests } = statement.predicate;
  if (isSame({ passedTests, failedTests }, testNames(result.nodeReports, invariants))) {
    return;
  }
  yield 'The lists of passed and failed tests are not those of the node reports and invariants.';
};
