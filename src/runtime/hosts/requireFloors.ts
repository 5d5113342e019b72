import { MeshSimError } from '../../base/errors.ts';
import { shortestDelay } from '../../model/linkMeasures.ts';
import { nodeIndexOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import { plannedLinks } from '../../model/plannedLinks.ts';

/** A run tells of errors of this size as its timing error; a plan is not refused for them. ms */
const TOLERATED_MS = 1;

/**
 * That no link of a plan is to be faster than the real way between the hosts of its ends, up from one and down to the other.
 * @param oneWayMs of a node, by index; 0 of one that lives here
 * @throws MeshSimError `plan-invalid` with the numbers
 */
export function requireFloors(plan: Plan, oneWayMs: (node: number) => number): void {
  for (const { from, to, delays, factor } of plannedLinks(plan)) {
    const floor = oneWayMs(nodeIndexOf(from)) + oneWayMs(nodeIndexOf(to));
    const planned = Math.min(...delays.map(shortestDelay)) * factor;
    if (floor <= planned + TOLERATED_MS) continue;
    throw new MeshSimError(
      'plan-invalid',
      `${from}–${to} cannot be nearer than ${floor.toFixed(1)} ms (real path); the plan says ${planned.toFixed(1)} ms: raise its latency, or choose other hosts.`,
    );
  }
}
