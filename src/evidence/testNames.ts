import type { NodeReport } from '../model/evidence.ts';
import { observedOf, type StatedInvariant } from '../model/invariants.ts';

export interface TestNames {
  readonly passedTests: string[];
  readonly failedTests: string[];
}

/**
 * The run as a list of tests: "<nodeId>/<phase>", judged by the last attempt at that phase, and "invariant/<name>".
 * A phase a node never reached is not listed, nor is an invariant that was not observed.
 */
export function testNames(
  nodeReports: readonly NodeReport[],
  invariants: readonly StatedInvariant[],
): TestNames {
  const passed = new Map<string, boolean>();
  for (const { nodeId, phases } of nodeReports) {
    for (const phase of phases) passed.set(`${nodeId}/${phase.name}`, phase.status === 'ok');
  }
  for (const invariant of invariants) {
    const observed = observedOf(invariant);
    if (observed !== 'not-observed') passed.set(`invariant/${invariant.name}`, observed === 'held');
  }
  const namesThat = (hasPassed: boolean) =>
    [...passed].filter(([, value]) => value === hasPassed).map(([name]) => name);
  return { passedTests: namesThat(true), failedTests: namesThat(false) };
}
