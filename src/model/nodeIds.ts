/** Apart from the schema of node ids, so that the page need not carry a validator to name a node. */

export function nodeIdOf(index: number): string {
  return `n${index}`;
}

/** The index of a node id that has passed `nodeIdSchema`. */
export function nodeIndexOf(nodeId: string): number {
  return Number(nodeId.slice(1));
}
