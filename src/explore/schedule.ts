import type { Fault, Plan } from '../model/plan.ts';

/** These faults, and those that each of them waits for, by their indices. */
export function withAwaited(
  schedule: readonly Fault[],
  faults: ReadonlySet<number>,
): ReadonlySet<number> {
  const all = new Set(faults);
  // A fault waits for an earlier one only.
  for (let index = schedule.length - 1; index >= 0; index--) {
    const when = schedule[index]?.when;
    if (all.has(index) && when !== undefined && 'afterFault' in when) all.add(when.afterFault);
  }
  return all;
}

/** These faults, and those that wait for any of them, by their indices. */
export function withWaiting(
  schedule: readonly Fault[],
  faults: ReadonlySet<number>,
): ReadonlySet<number> {
  const all = new Set(faults);
  schedule.forEach(({ when }, index) => {
    if ('afterFault' in when && all.has(when.afterFault)) all.add(index);
  });
  return all;
}

/**
 * The plan with these faults of its schedule alone. What waits for a fault finds it by its new index.
 * @param kept with all that any of them waits for
 */
export function withFaults(
  plan: Plan,
  schedule: readonly Fault[],
  kept: ReadonlySet<number>,
): Plan {
  if (kept.size === schedule.length) return plan;
  const order = schedule.flatMap((_, index) => (kept.has(index) ? [index] : []));
  const faults = order.flatMap((index) => {
    const fault = schedule[index];
    if (fault === undefined) return [];
    const { when } = fault;
    if (!('afterFault' in when)) return [fault];
    return [{ ...fault, when: { ...when, afterFault: order.indexOf(when.afterFault) } }];
  });
  return { ...plan, chaos: { preset: 'none', faults } };
}
