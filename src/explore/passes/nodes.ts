import { REAL_NODES } from '../../model/paramLimits.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import { withoutNodes } from '../withoutNodes.ts';
import type { Candidate } from './candidate.ts';

function without(plan: Plan, dropped: readonly number[]): Candidate[] {
  const smaller = withoutNodes(plan, new Set(dropped));
  if (smaller === undefined) return [];
  const [only = 0] = dropped;
  const what =
    dropped.length === 1 ? `without ${nodeIdOf(only)}` : `without ${dropped.length} nodes`;
  return [{ what, plan: smaller }];
}

/**
 * Fewer nodes, two at least: without as many as nothing of the plan needs, half of these and so on, and then each alone. n0 stays,
 * all content comes from it.
 */
export function fewerNodes(plan: Plan): Candidate[] {
  const { nodes } = plan.params;
  const most = nodes - REAL_NODES.min;
  if (most <= 0) return [];
  const free = Array.from({ length: nodes - 1 }, (_, index) => nodes - 1 - index).filter(
    (node) => withoutNodes(plan, new Set([node])) !== undefined,
  );
  const candidates: Candidate[] = [];
  for (let count = Math.min(free.length, most); count > 1; count = Math.floor(count / 2)) {
    candidates.push(...without(plan, free.slice(0, count)));
  }
  return [...candidates, ...free.flatMap((node) => without(plan, [node]))];
}
