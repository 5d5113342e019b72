import { setBit, wordsFor } from './bits.ts';
import { contentTimeout } from './congestion.ts';
import { sendPull } from './messages.ts';
import { type NodeContext, peerOf } from './nodeContext.ts';
import type { Peer } from './peer.ts';

/** Asked of one neighbour at a time: one under way and one that leaves meanwhile. */
const ASKED_AT_ONCE = 2;
const SOURCE = 0;

/**
 * With a rate, all links of a mesh are busy to the end, and losses make some later than others. Whoever has pushed all of
 * its trees' chunks has a link that idles: it is asked for the last chunks of the tree that is farthest behind, and that
 * tree's parent is told what it need not send any more.
 */
export class Relief {
  readonly #context: NodeContext;
  /** By tree, chunks not held; null: not counted yet. */
  #missing: Int32Array | null = null;
  /** By chunk: asked for here; 0: was not, or has arrived. */
  readonly #askedOf: Uint8Array;
  /** By tree: until when what its parent was asked for is waited for. */
  readonly #waitsUntil: Float64Array;

  constructor(context: NodeContext) {
    const { trees, chunkCount } = context.options;
    this.#context = context;
    this.#askedOf = new Uint8Array(chunkCount);
    this.#waitsUntil = new Float64Array(trees.count);
  }

  /** A chunk is newly held. Returns whether it had been asked for here. */
  stored(chunk: number, from: Peer): boolean {
    const { trees } = this.#context.options;
    const tree = chunk % trees.count;
    const missing = this.#missing ?? this.#counted();
    if (missing === this.#missing) missing[tree] = (missing[tree] ?? 0) - 1;
    this.#missing = missing;
    const helper = (this.#askedOf[chunk] ?? 0) - 1;
    if (helper >= 0) {
      this.#askedOf[chunk] = 0;
      this.#waitsUntil[helper] = 0;
    }
    this.#askAll(missing);
    return (
      helper >= 0 && trees.parents[helper] === from.index && trees.parents[tree] !== from.index
    );
  }

  #counted(): Int32Array {
    const { content, options } = this.#context;
    const missing = new Int32Array(options.trees.count);
    for (let chunk = 0; chunk < content.chunkCount; chunk++) {
      const tree = chunk % missing.length;
      if (!content.holds(chunk)) missing[tree] = (missing[tree] ?? 0) + 1;
    }
    return missing;
  }

  #askAll(missing: Int32Array): void {
    for (let helper = 0; helper < missing.length; helper++) {
      if (missing[helper] === 0) this.#ask(helper, missing);
    }
  }

  /** A neighbour said what it holds: what it was asked for and has not may be asked of others. */
  onHave(peer: Peer): void {
    const { content, options } = this.#context;
    const helper = options.trees.parents.indexOf(peer.index);
    if (helper < 0 || this.#missing === null) return;
    for (let chunk = 0; chunk < content.chunkCount; chunk++) {
      if (this.#askedOf[chunk] !== helper + 1 || content.peerHolds(peer.slot, chunk)) continue;
      this.#askedOf[chunk] = 0;
    }
    if (this.#pick(peer, this.#missing, true) < 0) return;
    this.#waitsUntil[helper] = 0;
    this.#askAll(this.#missing);
  }

  #ask(helper: number, missing: Int32Array): void {
    const { io, options, content } = this.#context;
    const now = io.now();
    if (content.complete || now < (this.#waitsUntil[helper] ?? 0)) return;
    const parent = options.trees.parents[helper] ?? -1;
    // n0 hands its chunks to the trees by itself.
    if (parent === SOURCE) return;
    const peer = peerOf(this.#context, parent);
    if (peer?.established !== true || peer.isRefused(now)) return;
    const bits = new Uint32Array(wordsFor(content.chunkCount));
    let count = 0;
    for (; count < ASKED_AT_ONCE; count++) {
      const known = this.#pick(peer, missing, true);
      // Its answer to what it does not hold is what it holds.
      const chunk = known >= 0 || count > 0 ? known : this.#pick(peer, missing, false);
      if (chunk < 0) break;
      setBit(bits, chunk);
      this.#askedOf[chunk] = helper + 1;
    }
    if (count === 0) return;
    this.#waitsUntil[helper] = now + contentTimeout(peer);
    sendPull(io, peer.index, false, bits);
  }

  /** The last chunk, not asked for here yet, of the tree of which most is missing; -1: there is none. */
  #pick(peer: Peer, missing: Int32Array, isKnown: boolean): number {
    const { parents } = this.#context.options.trees;
    let best = -1;
    let most = 0;
    for (let tree = 0; tree < missing.length; tree++) {
      const count = missing[tree] ?? 0;
      // What n0 brings here, the others get from here.
      if (count <= most || parents[tree] === SOURCE) continue;
      const chunk = this.#lastOf(tree, missing.length, peer, isKnown);
      if (chunk < 0) continue;
      best = chunk;
      most = count;
    }
    return best;
  }

  #lastOf(tree: number, trees: number, peer: Peer, isKnown: boolean): number {
    const { content } = this.#context;
    const rounds = Math.floor((content.chunkCount - 1 - tree) / trees);
    for (let chunk = tree + rounds * trees; chunk >= 0; chunk -= trees) {
      if (content.holds(chunk) || this.#askedOf[chunk] !== 0) continue;
      if (!isKnown || content.peerHolds(peer.slot, chunk)) return chunk;
    }
    return -1;
  }
}
