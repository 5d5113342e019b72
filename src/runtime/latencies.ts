/** Collects one-way times of probes into a matrix: ms with 3 decimals, 0 on the diagonal, -1 where none came back. */
export class Latencies {
  readonly #samples: number[][];
  readonly #nodes: number;

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.#samples = Array.from({ length: nodes * nodes }, () => []);
  }

  add(from: number, to: number, oneWayMs: number): void {
    this.#samples[from * this.#nodes + to]?.push(oneWayMs);
  }

  /** Row = from, column = to; the median of the samples. */
  matrix(): number[][] {
    const indices = Array.from({ length: this.#nodes }, (_, index) => index);
    return indices.map((from) =>
      indices.map((to) => (from === to ? 0 : median(this.#samples[from * this.#nodes + to] ?? []))),
    );
  }
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted[(sorted.length - 1) >> 1];
  return middle === undefined ? -1 : Math.round(middle * 1_000) / 1_000;
}
