import type { Invariant } from '../../model/invariants.ts';
import type { CapsuleVersion, UpgradeWindow } from '../../model/upgradeReport.ts';
import { judged, unobserved } from '../invariants.ts';

/** What became of the checks of the product. */
export interface ChecksSeen {
  /** The Capsule that they are of. */
  readonly from: CapsuleVersion;
  /** How many that has. */
  readonly declared: number;
  /** How often checks passed, by window. */
  readonly passed: ReadonlyMap<UpgradeWindow, number>;
  /** Nodes on which checks passed. */
  readonly on: ReadonlySet<string>;
  /** Left out: the Capsule has none, or it was not begun. */
  readonly workload?: { readonly on: string; readonly problem?: string | undefined } | undefined;
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
  const { declared, from, passed, on, failed, unfinished, workload } = checks;
  const ofWorkload = workloadFailure(workload);
  if (declared === 0 && workload !== undefined) {
    const used = `The workload ran on ${workload.on} while the mesh was upgraded. There are no checks.`;
    return judged(name, ofWorkload, used);
  }
  if (declared === 0) {
    const whose = from === 'new' ? 'that is rolled out' : 'that ran before';
    return unobserved(name, `The Capsule ${whose} has no checks.`);
  }
  const count = [...passed.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0 && failed.length === 0 && ofWorkload === undefined) {
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
    failed[0] ?? ofWorkload,
    `All ${count} runs of ${declared} checks${from === 'new' ? '' : ' of the old Capsule'} passed: ${where}, on ${[...on].join(', ')}.${more}${workload === undefined ? '' : ` The workload ran on ${workload.on} meanwhile.`}`,
  );
}

function workloadFailure(workload: ChecksSeen['workload']): string | undefined {
  if (workload?.problem === undefined) return undefined;
  return `The workload on ${workload.on}, before it was stopped, ${workload.problem}`;
}
