import type { LinkTable } from '../network/linkTable.ts';

export interface LowerBound {
  readonly ms: number;
  readonly model: 'unlimited' | 'uplink' | 'link';
}

/** T_LB of spreading chunks of these sizes (bytes) from n0 to all nodes over these links; formulas in docs/network.md. */
export function lowerBound(table: LinkTable, chunkBytes: readonly number[]): LowerBound {
  void [table, chunkBytes];
  throw new Error('pending');
}
