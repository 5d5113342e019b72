import { MeshSimError } from '../../base/errors.ts';
import { compilePlan } from '../../mesh/compiledPlan.ts';
import { nodeIndexOf } from '../../model/nodeIds.ts';
import { MAX_REAL_NODES, type Fault, type Plan } from '../../model/plan.ts';
import type { LinkTable } from '../../network/linkTable.ts';
import { type LinkVariants, linkVariants } from '../../network/linkVariants.ts';

/** A plan as a run compiles it. */
export interface PlannedRun {
  readonly table: LinkTable;
  readonly schedule: readonly Fault[];
  /** What a link, by indices of its nodes, can be under the schedule; undefined: there is no such link. */
  readonly variantsOf: (from: number, to: number) => LinkVariants | undefined;
}

/** Rules ask for the same links again and again. */
function variantsIn(table: LinkTable, schedule: readonly Fault[]): PlannedRun['variantsOf'] {
  const known = new Map<number, LinkVariants | undefined>();
  return (from, to) => {
    const link = from * table.nodes + to;
    if (!known.has(link)) known.set(link, linkVariants(table, schedule, from, to));
    return known.get(link);
  };
}

/**
 * Compiles a plan as the runtimes do.
 * @throws MeshSimError plan-invalid, for what no run starts with
 */
function compile(plan: Plan): PlannedRun {
  const { nodes } = plan.params;
  if (nodes > MAX_REAL_NODES) {
    throw new MeshSimError('plan-invalid', `${nodes} nodes are more than evidence is made of.`);
  }
  const stranger = plan.drift.find(({ node }) => nodeIndexOf(node) >= nodes);
  if (stranger !== undefined) {
    throw new MeshSimError('plan-invalid', `drift names ${stranger.node}.`);
  }
  const { table, schedule } = compilePlan(plan);
  return { table, schedule, variantsOf: variantsIn(table, schedule) };
}

/** The run a plan describes, or why no run can follow it. */
export function plannedRun(plan: Plan): PlannedRun | string {
  try {
    return compile(plan);
  } catch (error) {
    if (error instanceof MeshSimError) return error.message;
    throw error;
  }
}

/** By pair, the least delay over any way between the two (Floyd and Warshall); Infinity: there is none. */
export function leastDelays({ table, variantsOf }: PlannedRun): number[][] {
  const all = Array.from({ length: table.nodes }, (_, node) => node);
  const direct = (from: number, to: number) =>
    table.neighboursOf(from).includes(to)
      ? (variantsOf(from, to)?.delay.least ?? Infinity)
      : Infinity;
  let least = all.map((from) => all.map((to) => (from === to ? 0 : direct(from, to))));
  for (const via of all) {
    const before = least;
    const at = (from: number, to: number) => before[from]?.[to] ?? Infinity;
    least = all.map((from) => all.map((to) => Math.min(at(from, to), at(from, via) + at(via, to))));
  }
  return least;
}
