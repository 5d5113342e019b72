import { sendHello } from './messages.ts';
import { type NodeContext, TIMER } from './nodeContext.ts';
import type { Peer } from './peer.ts';
import { noteTrip } from './congestion.ts';

/** The first pause: longer than a usual round trip, so that one greeting is enough where nothing is lost. */
const FIRST_PAUSE_MS = 200;
const PAUSE_GROWTH = 1.5;
/** A neighbour that comes back is found within this time. */
const MAX_PAUSE_MS = 1000;

/** Greets neighbours until both sides know each other's incarnation and what the other holds. */
export class Greeting {
  readonly #context: NodeContext;
  readonly #onEstablished: (peer: Peer) => void;
  #timerArmed = false;

  constructor(context: NodeContext, onEstablished: (peer: Peer) => void) {
    this.#context = context;
    this.#onEstablished = onEstablished;
  }

  greetAll(): void {
    const now = this.#context.io.now();
    for (const peer of this.#context.peers) this.#ask(peer, now);
    this.#arm(FIRST_PAUSE_MS);
  }

  /** The other side is in another incarnation than we think, or silent: find out, after the usual pause. */
  lost(peer: Peer): void {
    if (!peer.knowsUs && peer.helloAttempts > 0) return;
    peer.knowsUs = false;
    peer.helloAttempts = 0;
    const now = this.#context.io.now();
    this.#ask(peer, now);
    this.#arm(FIRST_PAUSE_MS);
  }

  onTimer(): void {
    this.#timerArmed = false;
    const now = this.#context.io.now();
    let next = Infinity;
    for (const peer of this.#context.peers) {
      if (peer.established) continue;
      if (peer.helloDueAt <= now) this.#ask(peer, now);
      next = Math.min(next, peer.helloDueAt);
    }
    if (next < Infinity) this.#arm(next - now);
  }

  onHello(
    peer: Peer,
    incarnation: number,
    question: number,
    hasManifest: boolean,
    knownOfUs: number,
    bits: Uint32Array | null,
  ): void {
    if (incarnation < peer.incarnation) return;
    const { content, options, memory } = this.#context;
    const isNews = incarnation !== peer.incarnation;
    const wasEstablished = peer.established && !isNews;
    if (isNews) {
      peer.restart(incarnation);
      memory.queue.clear(peer);
      memory.outstanding.clear(peer);
      content.forgetPeer(peer.slot);
    }
    if (hasManifest) peer.hasManifest = true;
    if (bits !== null) content.mergePeer(peer.slot, bits);
    // A greeting from before it knew us may arrive late: only a restart takes its knowledge away.
    if (knownOfUs === options.incarnation + 1) peer.knowsUs = true;
    else if (isNews) peer.knowsUs = false;
    const asks = (question & 1) === 1;
    const askedAt = asks ? -1 : askedAtOf(peer, question >>> 1);
    if (askedAt >= 0) noteTrip(peer, this.#context.io.now() - askedAt);
    if (asks) this.#send(peer, question - 1);
    else if (isNews) this.#send(peer, 0);
    if (peer.knowsUs && !wasEstablished) this.#onEstablished(peer);
    else if (!peer.knowsUs) this.#arm(FIRST_PAUSE_MS);
  }

  #ask(peer: Peer, now: number): void {
    const pause = FIRST_PAUSE_MS * PAUSE_GROWTH ** peer.helloAttempts;
    peer.helloAttempts += 1;
    peer.helloAskedBefore = peer.helloAskedAt;
    peer.helloAskedAt = now;
    peer.helloDueAt = now + Math.min(pause, MAX_PAUSE_MS);
    this.#send(peer, peer.helloAttempts * 2 + 1);
  }

  #send(peer: Peer, question: number): void {
    const { io, options, content } = this.#context;
    const known = peer.incarnation + 1;
    const held = content.bitsToTell();
    // Where chunks wait for their turn, small datagrams cost next to nothing, and a link that was not greeted idles.
    const times = options.paced && options.plannedLoss > 0 ? 2 : 1;
    for (let count = 0; count < times; count++)
      sendHello(io, peer.index, options.incarnation, question, content.hasManifest, known, held);
  }

  #arm(afterMs: number): void {
    if (this.#timerArmed) return;
    this.#timerArmed = true;
    this.#context.io.timer(TIMER.hello, Math.max(afterMs, 1));
  }
}

/** When the attempt an answer belongs to was made; -1: not known any more, or never made. */
function askedAtOf(peer: Peer, attempt: number): number {
  if (attempt === 0) return -1;
  if (attempt === peer.helloAttempts) return peer.helloAskedAt;
  return attempt === peer.helloAttempts - 1 ? peer.helloAskedBefore : -1;
}
