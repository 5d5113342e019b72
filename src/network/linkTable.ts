import type { Plan } from '../model/plan.ts';
import type { LinkModel } from './linkModel.ts';

/** The compiled links of a plan. Links are directed. */
export interface LinkTable {
  readonly nodes: number;
  readonly seed: number;
  /** Every pair is linked with the same model: neighbours are implied, not listed. */
  readonly complete: boolean;
  /** Nodes linked in both directions, ascending; only for tables that are not `complete` or have ≤ 64 nodes. */
  neighboursOf(node: number): readonly number[];
  modelOf(from: number, to: number): LinkModel | undefined;
  /** `uplink`: all links that leave a node share `rate`; `link`: each has it; `unlimited`: none. */
  readonly bandwidth: {
    readonly model: 'unlimited' | 'uplink' | 'link';
    readonly bitsPerMs: number;
  };
  /** Some link has a rate: nodes are to be paced. */
  readonly paced: boolean;
}

/**
 * Compiles topology, params and the faults that act from the start (`atMs: 0` with degradeLink or slow).
 * @throws MeshSimError plan-invalid when the topology names a node the plan has not, or leaves one unreachable.
 */
export function compileLinks(plan: Plan): LinkTable {
  void plan;
  throw new Error('pending');
}
