/** Remembers which node refused which bytes, to find out whether one relayed what it had itself refused. */
export class RefusedBytes {
  readonly #refusals: { readonly by: number; readonly from: number; readonly digest: string }[] =
    [];
  readonly #refusedBy = new Map<number, Set<string>>();

  add(by: number, from: number, digest: string): void {
    this.#refusals.push({ by, from, digest });
    const known = this.#refusedBy.get(by) ?? new Set();
    known.add(digest);
    this.#refusedBy.set(by, known);
  }

  /** How many of the bytes that others refused from `node` it had refused itself. */
  relayedBy(node: number): number {
    const own = this.#refusedBy.get(node);
    if (own === undefined) return 0;
    return this.#refusals.filter(({ from, digest }) => from === node && own.has(digest)).length;
  }
}
