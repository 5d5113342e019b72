import { EFFECT } from './io.ts';
import { sendAck } from './messages.ts';
import { ACK_TIMER, type NodeContext, peerTimer, TIMER } from './nodeContext.ts';
import { type Peer, sessionOf } from './peer.ts';
import { recordSequence } from './sequenceWindow.ts';

/** An acknowledgement waits this long for a second packet to tell about. */
const ACK_DELAY_MS = 5;
const ACK_EVERY = 2;
/** Bad chunks of one peer in a row: a link damages single ones, an altering peer all. */
const BAD_CHUNKS = 3;
/** How long a peer's content is not looked at after that; doubled each time. */
const PROBATION_MS = 5000;
const VALID = 1;
const INVALID = 0;
const UNCHECKED = 2;

export interface ReceivingEvents {
  /** The first intact manifest. */
  manifestAccepted(): void;
  /** A chunk newly held, from `peer`. */
  chunkStored(chunk: number, peer: Peer, wasLent: boolean): void;
  peerRefused(peer: Peer): void;
}

/** Takes manifest and chunks in: checks the world's verdict, acknowledges what it keeps, refuses the rest. */
export class Receiving {
  readonly #context: NodeContext;
  readonly #events: ReceivingEvents;

  constructor(context: NodeContext, events: ReceivingEvents) {
    this.#context = context;
    this.#events = events;
  }

  onManifest(peer: Peer, sequence: number, intact: boolean): void {
    const { io, content, options } = this.#context;
    if (peer.isRefused(io.now())) return;
    const verdict = options.verify ? VALID : UNCHECKED;
    io.effect(EFFECT.hop, peer.index, intact ? verdict : INVALID, 0);
    if (!intact) {
      peer.refusedForGood = true;
      io.effect(EFFECT.refusePeer, peer.index, 0, 0);
      this.#events.peerRefused(peer);
      return;
    }
    peer.hasManifest = true;
    recordSequence(peer, sequence);
    this.sendAck(peer);
    if (!content.hasManifest) this.#events.manifestAccepted();
  }

  /** Returns whether it is kept. */
  onChunk(peer: Peer, sequence: number, chunk: number, wasLent: boolean, intact: boolean): boolean {
    const { io, content } = this.#context;
    if (!content.hasManifest || chunk < 0 || chunk >= content.chunkCount) return false;
    if (peer.isRefused(io.now())) return false;
    if (!intact) {
      this.#refuseChunk(peer, chunk);
      return false;
    }
    peer.badChunks = 0;
    peer.hasManifest = true;
    recordSequence(peer, sequence);
    content.notePeer(peer.slot, chunk);
    this.#keep(peer, chunk, wasLent);
    peer.acksOwed += 1;
    if (peer.acksOwed >= ACK_EVERY || content.complete) this.sendAck(peer);
    else this.#armAck(peer);
    return true;
  }

  #keep(peer: Peer, chunk: number, wasLent: boolean): void {
    const { io, content } = this.#context;
    const redelivered = content.takeRedelivery(chunk);
    if (content.holds(chunk)) {
      peer.tellHeld = true;
      if (redelivered) io.effect(EFFECT.chunkHeld, chunk, peer.index, 1);
      return;
    }
    content.store(chunk);
    io.effect(EFFECT.chunkHeld, chunk, peer.index, redelivered ? 1 : 0);
    this.#events.chunkStored(chunk, peer, wasLent);
  }

  #refuseChunk(peer: Peer, chunk: number): void {
    const { io } = this.#context;
    io.effect(EFFECT.refuseChunk, chunk, peer.index, 0);
    peer.badChunks += 1;
    if (peer.badChunks < BAD_CHUNKS) return;
    const probation = PROBATION_MS * 2 ** peer.probations;
    peer.badChunks = 0;
    peer.probations += 1;
    peer.refusedUntil = io.now() + probation;
    io.effect(EFFECT.refusePeer, peer.index, 1, 0);
    io.timer(TIMER.probation, probation);
    this.#events.peerRefused(peer);
  }

  #armAck(peer: Peer): void {
    if (peer.ackTimer) return;
    peer.ackTimer = true;
    this.#context.io.timer(peerTimer(peer.slot, ACK_TIMER), ACK_DELAY_MS);
  }

  onAckTimer(peer: Peer): void {
    peer.ackTimer = false;
    if (peer.acksOwed > 0) this.sendAck(peer);
    else if (peer.ackRepeats > 0) {
      peer.ackRepeats -= 1;
      this.#tellReceived(peer);
    }
  }

  /** With a rate every acknowledgement is said twice: 32 bytes more, where a lost one costs a whole chunk sent for nothing. */
  sendAck(peer: Peer): void {
    this.#tellReceived(peer);
    if (!this.#context.options.paced) return;
    peer.ackRepeats = 1;
    this.#armAck(peer);
  }

  /** `lender` brought a chunk: the others need not send it here any more. */
  tellOthers(lender: Peer): void {
    for (const peer of this.#context.peers) {
      if (peer === lender || !peer.established) continue;
      peer.tellHeld = true;
      this.#tellReceived(peer);
    }
  }

  #tellReceived(peer: Peer): void {
    const { io, options, content } = this.#context;
    const { highest, near, far } = peer;
    const session = sessionOf(options.incarnation, peer.incarnation);
    const bits = peer.tellHeld ? content.bitsToTell() : null;
    peer.acksOwed = 0;
    peer.tellHeld = false;
    sendAck(io, peer.index, highest, near, far, session, bits);
  }
}
