/** What the way between a node and this machine takes by itself, ms each way. */
export interface RealPath {
  readonly upMs: number;
  readonly downMs: number;
}

const HERE: RealPath = { upMs: 0, downMs: 0 };

/**
 * Nodes on other hosts are a real way apart, which the link model knows nothing of: a packet from there was sent before it came here, and
 * one that goes there has to leave before it is due.
 */
export class RealPaths {
  readonly #paths = new Map<number, RealPath>();

  /** Measured anew; takes effect for packets that come from now on. */
  set(node: number, path: RealPath): void {
    this.#paths.set(node, path);
  }

  upOf(node: number): number {
    return this.#of(node).upMs;
  }

  downOf(node: number): number {
    return this.#of(node).downMs;
  }

  #of(node: number): RealPath {
    return this.#paths.get(node) ?? HERE;
  }
}
