/** Collects one-way times of probes into a matrix: ms with 3 decimals, 0 on the diagonal, -1 where none came back. */
export class Latencies {
  /** By from · nodes + to; made when first needed, for large meshes have pairs by the billion and measure none. */
  readonly #samples = new Map<number, number[]>();
  readonly #nodes: number;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  add(from: number, to: number, oneWayMs: number): void {
    const pair = from * this.#nodes + to;
    const samples = this.#samples.get(pair);
    if (samples === undefined) this.#samples.set(pair, [oneWayMs]);
    else samples.push(oneWayMs);
  }

  /** Row = from, column = to; the median of the samples. */
  matrix(): number[][] {
    const indices = Array.from({ length: this.#nodes }, (_, index) => index);
    return indices.map((from) =>
      indices.map((to) =>
        from === to ? 0 : median(this.#samples.get(from * this.#nodes + to) ?? []),
      ),
    );
  }
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted[(sorted.length - 1) >> 1];
  return middle === undefined ? -1 : Math.round(middle * 1_000) / 1_000;
}
