import { setBit, wordsFor } from './bits.ts';
import { sendPull } from './messages.ts';
import { type NodeContext, peerOf, TIMER } from './nodeContext.ts';
import type { Peer } from './peer.ts';
import { baseTimeout } from './roundTrip.ts';

/** Nothing new for this long, and what is missing is asked for. Never shorter than a link's own timeout. */
const STALL_MIN_MS = 250;
/** … nor than a few of the usual gaps between two chunks: on a slow link pushing is not stalled but slow. */
const STALL_GAPS = 4;
/** A world's timers may ring this much early. */
const TIMER_SLACK_MS = 1;
/** Chunks asked of one neighbour at a time. */
const PULL_CHUNKS = 16;
/** A pull is asked again, of another neighbour, after this many of the link's timeouts. */
const PULL_PATIENCE = 2;

/** Asks neighbours for what pushing did not bring: after losses of nodes, restarts, refusals. Rarest chunks first. */
export class Repair {
  readonly #context: NodeContext;
  #lastProgress = 0;
  #gap = 0;
  /** When the timer that counts rings; others are stale. */
  #dueAt = Infinity;
  /** Something is to be asked for although nothing has stalled. */
  #urgent = false;
  /** By chunk: not to be asked for again before this time. Made when first needed. */
  #askedUntil: Float64Array | null = null;
  #askedOf: Int32Array | null = null;
  #turn: number;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#turn = context.options.index;
  }

  start(): void {
    this.#lastProgress = this.#context.io.now();
    this.#arm(this.#stall());
  }

  /** A chunk is newly held. Returns whether it had been asked for. */
  progress(chunk: number): boolean {
    const now = this.#context.io.now();
    const wasAskedFor = this.#askedUntil !== null && (this.#askedUntil[chunk] ?? 0) > 0;
    // The gap before a repaired chunk is the stall's own: counted, each stall would make the next one longer.
    if (!wasAskedFor) this.#gap += (now - this.#lastProgress - this.#gap) / 4;
    this.#lastProgress = now;
    // A chunk that was asked for makes room for the next.
    if (wasAskedFor) this.#arm(0);
    return wasAskedFor;
  }

  /** A neighbour is silent, refused or gone: what its trees would have brought is asked for at once. */
  peerLost(): void {
    if (!this.#context.content.complete) this.#hurry(0);
  }

  /** A neighbour said what it holds: what it was asked for and has not may be asked of others. */
  onHave(peer: Peer): void {
    const { content } = this.#context;
    if (this.#askedUntil === null || content.complete) return;
    let again = false;
    for (let chunk = 0; chunk < content.chunkCount; chunk++) {
      if (this.#askedOf?.[chunk] !== peer.slot || content.holds(chunk)) continue;
      if (content.peerHolds(peer.slot, chunk)) continue;
      this.#askedUntil[chunk] = 0;
      again = true;
    }
    if (again) this.#hurry(FOLLOW_UP_MS);
  }

  onTimer(): void {
    const { content, io } = this.#context;
    const now = io.now();
    if (content.complete || now < this.#dueAt - TIMER_SLACK_MS) return;
    this.#dueAt = Infinity;
    const quiet = now - this.#lastProgress;
    if (!this.#urgent && quiet < STALL_MIN_MS - TIMER_SLACK_MS) {
      this.#arm(STALL_MIN_MS - quiet);
      return;
    }
    this.#urgent = false;
    const stall = this.#stall();
    const stalled = quiet >= stall - TIMER_SLACK_MS;
    if (!content.hasManifest) {
      if (stalled) this.#askForManifest(now);
    } else this.#askForChunks(now, stalled);
    this.#arm(stalled ? stall : this.#lastProgress + stall - now);
  }

  #stall(): number {
    let timeout = STALL_MIN_MS;
    for (const peer of this.#context.peers) {
      if (peer.established) timeout = Math.max(timeout, baseTimeout(peer));
    }
    return Math.max(timeout, STALL_GAPS * this.#gap);
  }

  #hurry(afterMs: number): void {
    this.#urgent = true;
    this.#arm(afterMs);
  }

  #arm(afterMs: number): void {
    const due = this.#context.io.now() + Math.max(afterMs, 1);
    if (due >= this.#dueAt) return;
    this.#dueAt = due;
    this.#context.io.timer(TIMER.repair, Math.max(afterMs, 1));
  }

  #usable(now: number): Peer[] {
    return this.#context.peers.filter((peer) => peer.established && !peer.isRefused(now));
  }

  #askForManifest(now: number): void {
    const usable = this.#usable(now);
    const holders = usable.filter((peer) => peer.hasManifest);
    const candidates = holders.length > 0 ? holders : usable;
    this.#turn += 1;
    const peer = candidates[this.#turn % Math.max(candidates.length, 1)];
    if (peer !== undefined) sendPull(this.#context.io, peer.index, true, null);
  }

  /** Without a stall only what a lost parent would have pushed is missing. */
  #isDue(chunk: number, now: number, stalled: boolean): boolean {
    if (this.#context.content.holds(chunk)) return false;
    if (now < (this.#askedUntil?.[chunk] ?? 0)) return false;
    return stalled || this.#parentIsLost(chunk, now);
  }

  #parentIsLost(chunk: number, now: number): boolean {
    const { trees } = this.#context.options;
    const parent = trees.parents[chunk % trees.count] ?? -1;
    const peer = peerOf(this.#context, parent);
    return peer === undefined || !peer.established || peer.isRefused(now);
  }

  #askForChunks(now: number, stalled: boolean): void {
    const { content } = this.#context;
    const usable = this.#usable(now);
    if (usable.length === 0) return;
    this.#askedUntil ??= new Float64Array(content.chunkCount);
    this.#askedOf ??= new Int32Array(content.chunkCount).fill(-1);
    const missing: { chunk: number; holders: Peer[] }[] = [];
    for (let chunk = 0; chunk < content.chunkCount; chunk++) {
      if (!this.#isDue(chunk, now, stalled)) continue;
      const holders = usable.filter((peer) => content.peerHolds(peer.slot, chunk));
      missing.push({ chunk, holders });
    }
    // Rarest first; those nobody is known to hold come last and are asked of anybody.
    missing.sort((a, b) => rarity(a.holders) - rarity(b.holders) || a.chunk - b.chunk);
    this.#askAll(missing, usable, now);
  }

  #askAll(missing: { chunk: number; holders: Peer[] }[], usable: readonly Peer[], now: number) {
    const { content, io } = this.#context;
    const asked = new Map<Peer, number[]>();
    for (const { chunk, holders } of missing) {
      const peer = this.#leastAsked(holders.length > 0 ? holders : usable, asked, chunk);
      if (peer === undefined) continue;
      const chunks = asked.get(peer) ?? [];
      if (chunks.length >= PULL_CHUNKS) continue;
      asked.set(peer, [...chunks, chunk]);
      if (this.#askedUntil !== null) {
        this.#askedUntil[chunk] = now + PULL_PATIENCE * baseTimeout(peer);
      }
      if (this.#askedOf !== null) this.#askedOf[chunk] = peer.slot;
    }
    for (const [peer, chunks] of asked) {
      const bits = new Uint32Array(wordsFor(content.chunkCount));
      for (const chunk of chunks) setBit(bits, chunk);
      sendPull(io, peer.index, false, bits);
    }
  }

  /** Spreads the load; a peer that was asked for this chunk in vain comes last. */
  #leastAsked(
    candidates: readonly Peer[],
    asked: ReadonlyMap<Peer, readonly number[]>,
    chunk: number,
  ): Peer | undefined {
    this.#turn += 1;
    let best: Peer | undefined;
    let bestLoad = Infinity;
    for (let at = 0; at < candidates.length; at++) {
      const peer = candidates[(at + this.#turn) % candidates.length];
      if (peer === undefined) continue;
      const inVain = this.#askedOf?.[chunk] === peer.slot ? PULL_CHUNKS : 0;
      const load = (asked.get(peer)?.length ?? 0) + inVain;
      if (load >= bestLoad) continue;
      best = peer;
      bestLoad = load;
    }
    return best;
  }
}

/** Answers that come together are worked on together. */
const FOLLOW_UP_MS = 5;

function rarity(holders: readonly Peer[]): number {
  return holders.length === 0 ? Infinity : holders.length;
}
