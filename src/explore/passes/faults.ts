import { chaosSchedule } from '../../mesh/chaosSchedule.ts';
import type { Fault, Plan } from '../../model/plan.ts';
import { faultWords } from '../faultWords.ts';
import { withFaults, withWaiting } from '../schedule.ts';
import type { Candidate } from './candidate.ts';

/** Up to so many faults are named. */
const NAMED_FAULTS = 3;

/** What is left out: all, then halves, quarters and so on of the schedule, and in the end each fault alone. */
function chunksOf(count: number): number[][] {
  const indices = Array.from({ length: count }, (_, index) => index);
  const chunks: number[][] = [];
  for (let size = count; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < count; at += size) chunks.push(indices.slice(at, at + size));
  }
  return chunks;
}

function withoutWords(schedule: readonly Fault[], indices: readonly number[]): string {
  if (indices.length > NAMED_FAULTS) return `without ${indices.length} faults`;
  return `without ${faultWords(schedule, indices).join(', ')}`;
}

/** Fewer faults. What waits for one that is left out is left out with it. */
export function fewerFaults(plan: Plan): Candidate[] {
  const schedule = chaosSchedule(plan);
  return chunksOf(schedule.length).map((chunk) => {
    const dropped = withWaiting(schedule, new Set(chunk));
    const kept = new Set([...schedule.keys()].filter((index) => !dropped.has(index)));
    return { what: withoutWords(schedule, [...dropped]), plan: withFaults(plan, schedule, kept) };
  });
}
