/** One-way times measured between nodes, ms. */
export class Latencies {
  readonly #samples = new Map<number, number[]>();
  readonly #nodes: number;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  add(from: number, to: number, ms: number): void {
    const key = from * this.#nodes + to;
    const samples = this.#samples.get(key) ?? [];
    samples.push(ms);
    this.#samples.set(key, samples);
  }

  /** Medians with 3 decimals, row = from, column = to; 0 on the diagonal, -1 where no probe was answered. */
  matrix(): number[][] {
    const all = Array.from({ length: this.#nodes }, (_, index) => index);
    return all.map((from) => all.map((to) => (from === to ? 0 : this.#median(from, to))));
  }

  #median(from: number, to: number): number {
    const samples = this.#samples.get(from * this.#nodes + to);
    if (samples === undefined) return -1;
    const sorted = [...samples].sort((a, b) => a - b);
    const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
    const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
    return Math.round(((low + high) / 2) * 1000) / 1000;
  }
}
