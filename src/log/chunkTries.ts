interface Try {
  count: number;
  /** ms since the run began. */
  sentAt: number;
}

/**
 * Counts how often a chunk was sent over a link. A node sends it again only when no acknowledgement came in the time it
 * should have. After a crash of either end it is sent because it was lost there: that counts from the beginning.
 */
export class ChunkTries {
  /** By link, by chunk, the last one. */
  readonly #tries = new Map<number, Map<number, Try>>();
  /** By node, when it crashed, ms. */
  readonly #crashes: readonly number[][];

  constructor(nodes: number) {
    this.#crashes = Array.from({ length: nodes }, () => []);
  }

  noteCrash(node: number, at: number): void {
    this.#crashes[node]?.push(at);
  }

  /** The number of this transmission, from 1. @param link from × nodes + to @param sentAt ms since the run began */
  next(link: number, chunk: number, sentAt: number): number {
    const chunks = this.#tries.get(link) ?? new Map<number, Try>();
    this.#tries.set(link, chunks);
    const last = chunks.get(chunk);
    if (last === undefined || this.#wasReset(link, last.sentAt, sentAt)) {
      chunks.set(chunk, { count: 1, sentAt });
      return 1;
    }
    last.count += 1;
    last.sentAt = sentAt;
    return last.count;
  }

  #wasReset(link: number, from: number, to: number): boolean {
    const nodes = this.#crashes.length;
    return [Math.floor(link / nodes), link % nodes].some((node) =>
      this.#crashes[node]?.some((at) => at >= from && at <= to),
    );
  }
}
