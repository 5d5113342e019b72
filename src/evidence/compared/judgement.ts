import type { EvidenceStatement } from '../../model/evidence.ts';
import type { Judgement } from '../../model/runComparison.ts';
import { compareRuns, type ComparedRun } from '../comparison.ts';
import { statedRunOf } from '../statedRun.ts';
import { both, SIDES } from './sides.ts';

type Samples = ComparedRun['samples'];

/** Outcome, invariants and objectives of both, in the order of A and then what B has besides. */
export function judgementOf(
  a: { readonly statement: EvidenceStatement; readonly samples: Samples },
  b: { readonly statement: EvidenceStatement; readonly samples: Samples },
): Judgement {
  const [ofA, ofB] = [statedRunOf(a.statement), statedRunOf(b.statement)];
  const comparisons = compareRuns(
    { evidence: b.statement.predicate.meshsim_evidence, samples: b.samples },
    { evidence: a.statement.predicate.meshsim_evidence, samples: a.samples },
    SIDES,
  );
  return {
    outcome: { a: ofA.outcome, b: ofB.outcome },
    cause: both(ofA.cause, ofB.cause),
    upgrade: both(ofA.upgrade?.outcome, ofB.upgrade?.outcome),
    invariants: inBoth(ofA.invariants, ofB.invariants).map(({ name, was, is }) => ({
      name,
      ...both(was && observation(was), is && observation(is)),
    })),
    objectives: inBoth(ofA.indicators, ofB.indicators).map(({ name, was, is }) => {
      const comparison = comparisons.find((one) => one.name === name);
      return { name, ...both(was, is), ...(comparison === undefined ? {} : { comparison }) };
    }),
  };
}

function observation({ observed, details }: ReturnType<typeof statedRunOf>['invariants'][number]) {
  return { observed, details };
}

function inBoth<T extends { readonly name: string }>(a: readonly T[], b: readonly T[]) {
  const names = [...new Set([...a, ...b].map(({ name }) => name))];
  return names.map((name) => ({
    name,
    was: a.find((one) => one.name === name),
    is: b.find((one) => one.name === name),
  }));
}
