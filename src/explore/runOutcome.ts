import { chaosSchedule } from '../mesh/chaosSchedule.ts';
import { isViolated } from '../model/invariants.ts';
import type { RunObservation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { WaveReport } from '../model/upgradeReport.ts';
import { faultWords } from './faultWords.ts';

/** What a run failed by. */
export interface Failure {
  /** The most telling of those that it violated, or NO_INVARIANT. */
  readonly invariant: string;
  /** All that it violated, by name. */
  readonly violated: readonly string[];
  /** What was seen, one sentence. */
  readonly sentence: string;
  /** All nodes are well, but a fault never fired: that says something about the plan, and nothing about the Capsule. */
  readonly isUnexercised: boolean;
}

/** What one run came to. */
export interface RunOutcome {
  /** Undefined: it passed. */
  readonly failure: Failure | undefined;
  /** The waves that began, in their order; undefined: the plan has no upgrade. */
  readonly waves: readonly Pick<WaveReport, 'to' | 'nodes'>[] | undefined;
  /** The faults that happened, in words, in the order of the schedule. */
  readonly faults: readonly string[];
  /** Of a run that is sealed. */
  readonly simId?: string;
}

/** @throws MeshSimError plan-invalid, when it cannot be run; whatever else a run throws */
export type RunPlan = (plan: Plan) => Promise<RunOutcome>;

/** A node did not end well, but no invariant is about that. */
export const NO_INVARIANT = 'nodes-healthy';

/** One fault often violates several. The first of these says most about it; the last ones follow from almost anything. */
const TELLING: readonly string[] = [
  ...['checks-held', 'no-state-lost', 'served-throughout', 'objectives-met', 'no-regression'],
  ...['every-version-verified', 'verified-before-start', 'runs-signed-content'],
  ...['refused-never-relayed', 'no-process-left'],
  ...['way-back', 'upgraded-runs-signed-content', 'converged'],
];

/** What it takes to say what a run came to: an observation has it, and so has what was sealed of one. */
export type JudgedRun = Pick<
  RunObservation,
  'plan' | 'outcome' | 'invariants' | 'cause' | 'nodeReports' | 'faults' | 'upgrade'
>;

export function outcomeOfRun(run: JudgedRun): Omit<RunOutcome, 'simId'> {
  return { failure: failureOf(run), waves: run.upgrade?.waves, faults: faultsOf(run) };
}

/** Those that fired, and that this machine could apply. */
function faultsOf({ plan, faults }: JudgedRun): string[] {
  const happened = faults.filter(
    (one) => one.firedAt !== null && !('notApplied' in one && one.notApplied !== undefined),
  );
  return faultWords(
    chaosSchedule(plan),
    happened.map(({ fault }) => fault),
  );
}

function failureOf(run: JudgedRun): Failure | undefined {
  const { outcome, invariants, cause } = run;
  if (outcome === 'pass') return undefined;
  const violated = invariants
    .filter(isViolated)
    .sort((one, other) => TELLING.indexOf(one.name) - TELLING.indexOf(other.name));
  const names = violated.map(({ name }) => name);
  const [first] = violated;
  return {
    invariant: first?.name ?? NO_INVARIANT,
    violated: first === undefined ? [NO_INVARIANT] : names,
    sentence: first?.details ?? cause ?? 'A node did not end well.',
    isUnexercised: names.includes('converged') && areWell(run),
  };
}

/** All nodes, though a fault never fired. */
function areWell({ nodeReports, faults }: JudgedRun): boolean {
  return (
    faults.some(({ firedAt }) => firedAt === null) &&
    nodeReports.every(({ phases }) => {
      const last = phases.at(-1);
      return last?.name === 'healthy' && last.status === 'ok';
    })
  );
}

/** Whether the other run violated what this one is known by, and for such a reason. */
export function isSameFailure(one: Failure, other: Failure | undefined): boolean {
  if (other?.violated.includes(one.invariant) !== true) return false;
  return one.invariant !== 'converged' || one.isUnexercised === other.isUnexercised;
}
