/** Lets one node build at a time: a build uses the whole machine, and the others want its result, not another one. */
export class BuildQueue<Node> {
  readonly #grant: (node: Node, key: string) => void;
  #waiting: { readonly node: Node; readonly key: string }[] = [];
  #builder: Node | undefined;

  constructor(grant: (node: Node, key: string) => void) {
    this.#grant = grant;
  }

  want(node: Node, key: string): void {
    this.#waiting.push({ node, key });
    this.#next();
  }

  /** The node has built, or is gone. */
  ended(node: Node): void {
    if (this.#builder === node) this.#builder = undefined;
    this.#next();
  }

  /** A node that is gone waits no longer. */
  forget(node: Node): void {
    this.#waiting = this.#waiting.filter((one) => one.node !== node);
    this.ended(node);
  }

  #next(): void {
    if (this.#builder !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#builder = next.node;
    this.#grant(next.node, next.key);
  }
}
