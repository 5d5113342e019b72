import type { MeshSimResult } from './evidence.ts';
import type { Plan } from './plan.ts';

/**
 * The earliest time at which a run can be recorded: its end. Virtual time runs ahead of the clock on the wall, so a run in it is
 * recorded after its start, and often before the end it states.
 */
export function earliestRecord(
  { startedAt, endedAt }: Pick<MeshSimResult, 'startedAt' | 'endedAt'>,
  { world }: Pick<Plan, 'world'>,
): string {
  return world === 'virtual' ? startedAt : endedAt;
}
