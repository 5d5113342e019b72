import { testNames } from '../evidence/testNames.ts';
import type { StatedRun } from '../model/observation.ts';
import { PHASES } from '../model/plan.ts';

/** One thing a rehearsal can pass or fail, as pipelines list it. */
export interface RehearsalTest {
  /** A node, "check", "invariant" or "run". */
  readonly group: string;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What was seen; of a skipped one, why nothing was. May be empty. */
  readonly sentence: string;
  /** How long it took; 0 where it has no length. */
  readonly seconds: number;
}

type JudgedRun = Pick<StatedRun, 'nodeReports' | 'invariants' | 'outcome' | 'cause' | 'upgrade'>;

/**
 * Every phase of every node, every run of a check of the product and every invariant, judged as the evidence judges them (`testNames`). What it does not list,
 * because nothing was seen of it, is skipped. A run that failed has a failed test in any case.
 */
export function rehearsalTests(run: JudgedRun): RehearsalTest[] {
  const { passedTests, failedTests } = testNames(run.nodeReports, run.invariants);
  const passed = new Set(passedTests);
  const failed = new Set(failedTests);
  const statusOf = (name: string) =>
    passed.has(name) ? 'passed' : failed.has(name) ? 'failed' : 'skipped';
  const tests = [
    ...phaseTests(run, statusOf),
    ...checkTests(run),
    ...invariantTests(run, statusOf),
  ];
  if (run.outcome === 'pass' || failed.size > 0) return tests;
  const sentence = run.cause ?? 'The run failed.';
  return [...tests, { group: 'run', name: 'outcome', status: 'failed', sentence, seconds: 0 }];
}

type StatusOf = (name: string) => RehearsalTest['status'];

function phaseTests({ nodeReports }: JudgedRun, statusOf: StatusOf): RehearsalTest[] {
  return nodeReports.flatMap(({ nodeId, phases }) =>
    PHASES.map((name) => {
      const last = phases.findLast((attempt) => attempt.name === name);
      const status = statusOf(`${nodeId}/${name}`);
      if (last === undefined) {
        const sentence = `Not observed: ${nodeId} never began ${name}.`;
        return { group: nodeId, name, status, sentence, seconds: 0 };
      }
      const seconds = (Date.parse(last.end) - Date.parse(last.start)) / 1000;
      const unsaid = status === 'failed' ? `${nodeId} did not complete ${name}.` : '';
      return { group: nodeId, name, status, sentence: last.details ?? unsaid, seconds };
    }),
  );
}

function checkTests({ upgrade }: JudgedRun): RehearsalTest[] {
  if (upgrade === undefined) return [];
  const { checks, workload } = upgrade;
  const tests = checks.map(({ name, nodeId, window, wave, outcome, details = '' }) => ({
    group: 'check',
    name: `${name} (${nodeId}, ${wave === 0 ? window : `${window}, wave ${wave}`})`,
    status: outcome === 'unfinished' ? ('skipped' as const) : outcome,
    sentence: outcome === 'unfinished' ? `Not run to its end: ${details}` : details,
    seconds: 0,
  }));
  if (workload === undefined) return tests;
  const status = workload.outcome === 'ran' ? ('passed' as const) : ('failed' as const);
  const { nodeId, details: sentence = '' } = workload;
  return [...tests, { group: 'check', name: `workload (${nodeId})`, status, sentence, seconds: 0 }];
}

function invariantTests({ invariants }: JudgedRun, statusOf: StatusOf): RehearsalTest[] {
  return invariants.map(({ name, observed, details }) => ({
    group: 'invariant',
    name,
    status: statusOf(`invariant/${name}`),
    sentence: observed === 'not-observed' ? `Not observed: ${details}` : details,
    seconds: 0,
  }));
}
