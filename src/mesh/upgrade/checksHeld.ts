import type { Invariant } from '../../model/invariants.ts';
import type { UpgradeWindow } from '../../model/upgradeReport.ts';
import { judged, unobserved } from '../invariants.ts';

/** What became of the checks of the product. */
export interface ChecksSeen {
  /** How many the Capsule that is rolled out has. */
  readonly declared: number;
  /** How often checks passed, by window. */
  readonly passed: ReadonlyMap<UpgradeWindow, number>;
  /** Nodes on which checks passed. */
  readonly on: ReadonlySet<string>;
  /** Of those that did not pass, one sentence each. */
  readonly failed: readonly string[];
  /** Of those that nodes could not run to their end, one sentence each. */
  readonly unfinished: readonly string[];
}

interface Facts {
  readonly checks?: ChecksSeen | undefined;
  readonly noServices: string;
  readonly details: string;
}

export function checksHeld({ checks, noServices, details }: Facts): Invariant {
  const name = 'checks-held';
  if (checks === undefined) {
    return unobserved(name, `No check of the product was run: ${noServices}.`);
  }
  const { declared, passed, on, failed, unfinished } = checks;
  if (declared === 0) return unobserved(name, 'The Capsule that is rolled out has no checks.');
  const count = [...passed.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0 && failed.length === 0) {
    return unobserved(
      name,
      `No check of the product was run to its end. ${unfinished[0] ?? details}`,
    );
  }
  const where = [...passed].map(([window, times]) => `${times} in ${window}`).join(', ');
  const more =
    unfinished.length === 0
      ? ''
      : ` ${unfinished.length} more did not end, and say nothing: ${unfinished[0] ?? ''}`;
  return judged(
    name,
    failed[0],
    `All ${count} runs of ${declared} checks passed: ${where}, on ${[...on].join(', ')}.${more}`,
  );
}
