import { hasBit, setBit, wordsFor } from './bits.ts';
import { contentTimeout } from './congestion.ts';
import { sendPull } from './messages.ts';
import type { NodeContext } from './nodeContext.ts';
import type { Peer } from './peer.ts';

/** Chunks go out in order, one to each tree: what is missing so many rounds behind the newest is late. */
const LATE_ROUNDS = 4;
/** With so many rounds missing at most, the end is near: all of it is late, for links begin to idle for good. */
const LAST_ROUNDS = 4;

/**
 * With a rate, losses make some links late, while others have nothing to send for a while. A neighbour that says so is
 * asked for a chunk that another link is late with, the newest first: what is queued there longest is sent soon.
 */
export class Relief {
  readonly #context: NodeContext;
  /** By slot of the neighbour: nothing waits there to be sent here. */
  readonly #isIdle: Uint8Array;
  /** By slot: until when what was asked for there is waited for, ms. */
  readonly #waitsUntil: Float64Array;
  /** By chunk: until when it is expected of the neighbour it was asked of, ms. */
  readonly #askedUntil: Float64Array;
  #newest = 0;

  constructor(context: NodeContext) {
    const { peers, options } = context;
    this.#context = context;
    this.#isIdle = new Uint8Array(peers.length);
    this.#waitsUntil = new Float64Array(peers.length);
    this.#askedUntil = new Float64Array(options.chunkCount);
  }

  /** Null: without a rate no link is known to idle, and without losses none is late. */
  static wanted(context: NodeContext): Relief | null {
    const { paced, plannedLoss, source } = context.options;
    return paced && plannedLoss > 0 && !source ? new Relief(context) : null;
  }

  /** A chunk came from `peer`, and nothing else waits there when `isLast`. */
  arrived(peer: Peer, chunk: number, isLast: boolean, wasLent: boolean): void {
    this.#isIdle[peer.slot] = isLast ? 1 : 0;
    if (wasLent) this.#waitsUntil[peer.slot] = 0;
    if (!wasLent && chunk > this.#newest) this.#newest = chunk;
    this.#askAll();
  }

  #askAll(): void {
    const { peers, content, io } = this.#context;
    if (content.complete) return;
    const now = io.now();
    for (const peer of peers) {
      if (this.#isIdle[peer.slot] !== 1 || now < (this.#waitsUntil[peer.slot] ?? 0)) continue;
      if (peer.established && !peer.isRefused(now)) this.#ask(peer, now);
    }
  }

  #ask(peer: Peer, now: number): void {
    const { content, options, io } = this.#context;
    const { chunkCount } = content;
    const rounds = options.trees.count;
    const missing = chunkCount - content.have;
    const isEnd = missing <= LAST_ROUNDS * rounds;
    const newest = isEnd ? chunkCount - 1 : this.#newest - LATE_ROUNDS * rounds;
    let first = -1;
    const bits = new Uint32Array(wordsFor(chunkCount));
    for (let chunk = newest; chunk >= 0; chunk--) {
      if (hasBit(content.held, chunk)) continue;
      setBit(bits, chunk);
      if (first < 0 && now >= (this.#askedUntil[chunk] ?? 0)) first = chunk;
    }
    if (first < 0) return;
    const until = now + contentTimeout(peer);
    this.#askedUntil[first] = until;
    this.#waitsUntil[peer.slot] = until;
    sendPull(io, peer.index, false, bits, 1 + first);
  }
}
