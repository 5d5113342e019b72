import type { Plan } from './plan.ts';

/** What disturbs a run, in words: a plan that lists faults of its own makes no use of its preset. */
export function chaosWords({ chaos: { faults, preset } }: Pick<Plan, 'chaos'>): string {
  if (faults.length === 0) return preset;
  return faults.length === 1 ? 'one fault of its own' : `${faults.length} faults of its own`;
}
