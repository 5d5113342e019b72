import type { NodeContext } from './nodeContext.ts';
import type { Peer } from './peer.ts';

/** Trees along which the manifest is pushed, besides by n0 itself: two ways to everybody, not one per tree. */
const MANIFEST_TREES = 2;

/** Which content goes along which trees from one node. */
export class TreeRoutes {
  readonly #context: NodeContext;
  /** n0 has one child in each tree, so a chunk may go along any of them. */
  readonly mayTakeOver: boolean;
  /** At n0, by chunk: somebody has got it, and passes it on along the tree it went. */
  readonly #isSpread: Uint8Array;
  /** Chunks that came along another tree than planned, which they are passed on along: to late neighbours too. */
  readonly #taken = new Map<number, number>();

  constructor(context: NodeContext) {
    this.#context = context;
    const { source, trees, chunkCount } = context.options;
    this.mayTakeOver = source && trees.children.every(({ length }) => length === 1);
    this.#isSpread = new Uint8Array(this.mayTakeOver ? chunkCount : 0);
  }

  /** Nodes that a chunk which `from` pushed, or was asked for, is passed on to. */
  onward(chunk: number, from: number, wasAskedFor: boolean): readonly number[] {
    const { trees } = this.#context.options;
    const planned = chunk % trees.count;
    const pushedAlong = trees.parents[planned] === from ? planned : trees.parents.indexOf(from);
    // n0 gives a chunk to another tree than planned when that one is free earlier: it is passed on along that one.
    const tree = wasAskedFor || pushedAlong < 0 ? planned : pushedAlong;
    if (tree !== planned) this.#taken.set(chunk, tree);
    return trees.children[tree] ?? [];
  }

  takesManifest(peer: Peer): boolean {
    const { source, trees } = this.#context.options;
    const count = source ? trees.count : Math.min(trees.count, MANIFEST_TREES);
    for (let tree = 0; tree < count; tree++) {
      if (trees.children[tree]?.includes(peer.index) === true) return true;
    }
    return false;
  }

  takesChunk(node: number, chunk: number): boolean {
    const { trees } = this.#context.options;
    const tree = this.#taken.get(chunk) ?? chunk % trees.count;
    return trees.children[tree]?.includes(node) === true;
  }

  /** Somebody has got it from here. */
  spread(chunk: number): void {
    if (this.mayTakeOver) this.#isSpread[chunk] = 1;
  }

  isSpread(chunk: number): boolean {
    return this.#isSpread[chunk] === 1;
  }
}
