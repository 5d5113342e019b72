import { kindOf } from '../model/faultKinds.ts';
import { nodesOf } from '../model/faultNodes.ts';
import type { Fault } from '../model/plan.ts';

/** "kill n3", "partition n0 n1 n2": some faults of a schedule, by what they do and to which nodes. */
export function faultWords(schedule: readonly Fault[], indices: readonly number[]): string[] {
  return indices.flatMap((index) => {
    const effect = schedule[index]?.do;
    return effect === undefined ? [] : [[kindOf(effect), ...nodesOf(effect)].join(' ')];
  });
}
