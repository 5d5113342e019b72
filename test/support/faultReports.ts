import { chaosSchedule } from '../../src/mesh/chaosSchedule.ts';
import type { FaultReport } from '../../src/model/faultReport.ts';
import type { Fault, Plan } from '../../src/model/plan.ts';

/** What the faults of a plan did in a run in which each of them fired and had an effect. */
export function faultReportsOf(plan: Plan, firedAt: string): FaultReport[] {
  return chaosSchedule(plan).map((fault, index) => reportOf(fault, index, firedAt));
}

function reportOf({ do: effect }: Fault, fault: number, firedAt: string): FaultReport {
  const at = { fault, firedAt, endedAt: null };
  if ('kill' in effect) {
    const endedAt = effect.restartAfterMs === undefined ? null : firedAt;
    return { ...at, endedAt, effect: 'kill', booted: true, held: 5 };
  }
  if ('partition' in effect) {
    const endedAt = effect.healAfterMs === undefined ? null : firedAt;
    return { ...at, endedAt, effect: 'partition', impaired: 7 };
  }
  if ('degradeLink' in effect) return { ...at, effect: 'degradeLink', impaired: 7 };
  if ('slow' in effect) return { ...at, effect: 'slow', impaired: 7 };
  if ('corruptChunks' in effect) {
    const { count } = effect.corruptChunks;
    return { ...at, effect: 'corruptChunks', impaired: count, refused: count };
  }
  return { ...at, effect: 'byzantine', refused: 3 };
}
