import { LAST_QUEUED, LENT, sendChunk, sendManifest } from './messages.ts';
import type { ItemQueue } from './itemQueue.ts';
import type { Outstanding } from './outstanding.ts';
import { type NodeContext, peerOf, peerTimer, RETRANSMIT_TIMER } from './nodeContext.ts';
import { MANIFEST_ITEM, type Peer, sessionOf } from './peer.ts';
import {
  earlyCost,
  hasRoom,
  noteDelivered,
  noteLost,
  notePlanned,
  noteRepeated,
  noteTimeout,
  noteTrip,
} from './congestion.ts';
import { patienceWith, resendPause } from './resending.ts';
import { overtakenAge } from './roundTrip.ts';
import { TreeRoutes } from './treeRoutes.ts';

/** Timeouts in a row after which a peer is taken for silent and greeted anew. */
const SILENT_AFTER = 4;
/** A world's timers may ring this much early. */
const TIMER_SLACK_MS = 1;

/** Sends manifest and chunks to neighbours along the trees, and sends again what is not acknowledged. */
export class Pushing {
  readonly #context: NodeContext;
  /** What waits to be sent to each peer, and what is on its way there. */
  readonly #queue: ItemQueue;
  readonly #outstanding: Outstanding;
  readonly #onSilent: (peer: Peer) => void;
  readonly #routes: TreeRoutes;
  /** Filled anew in each call that needs a list of items. */
  readonly #items: number[] = [];
  /** Where the next round over all links begins, so that none is always last. */
  #turn = 0;

  constructor(context: NodeContext, onSilent: (peer: Peer) => void) {
    this.#context = context;
    this.#queue = context.memory.queue;
    this.#outstanding = context.memory.outstanding;
    this.#onSilent = onSilent;
    this.#routes = new TreeRoutes(context);
  }

  /** A neighbour is there, or there again: queue all it is to get from us. */
  synchronise(peer: Peer): void {
    const { content } = this.#context;
    this.#queue.clear(peer);
    if (!content.hasManifest) return;
    if (!peer.hasManifest && this.#routes.takesManifest(peer))
      this.#queue.push(peer, MANIFEST_ITEM);
    for (let chunk = 0; chunk < content.chunkCount; chunk++) {
      if (!content.holds(chunk) || content.peerHolds(peer.slot, chunk)) continue;
      if (this.#outstanding.has(peer, chunk)) continue;
      if (this.#routes.takesChunk(peer.index, chunk)) this.#queue.push(peer, chunk);
    }
    this.pump(peer);
  }

  manifestAccepted(): void {
    for (const peer of this.#context.peers) {
      if (peer.established && !peer.hasManifest && this.#routes.takesManifest(peer)) {
        this.#queue.unshift(peer, MANIFEST_ITEM);
      }
    }
    this.pumpAll();
  }

  /** The entry node has everything at once. */
  everythingHeld(): void {
    for (const peer of this.#context.peers) if (peer.established) this.synchronise(peer);
  }

  /** A chunk newly held is passed on; `from` pushed it, or was asked for it. */
  chunkStored(chunk: number, from: number, wasAskedFor: boolean): void {
    for (const child of this.#routes.onward(chunk, from, wasAskedFor)) {
      const peer = peerOf(this.#context, child);
      if (peer !== undefined) this.offer(peer, chunk);
    }
  }

  /** Queues a chunk or the manifest for a neighbour, unless it has it or it is on its way. */
  offer(peer: Peer, item: number): void {
    if (!peer.established || this.#peerHas(peer, item)) return;
    if (this.#queue.includes(peer, item) || this.#outstanding.has(peer, item)) return;
    if (item === MANIFEST_ITEM) this.#queue.unshift(peer, item);
    else this.#queue.push(peer, item);
    this.pump(peer);
  }

  onAck(peer: Peer, highest: number, near: number, far: number): void {
    const { io, content, options } = this.#context;
    const now = io.now();
    const items = this.#items;
    items.length = 0;
    const newest = this.#outstanding.acknowledge(peer, highest, near, far, items);
    for (const item of items) {
      peer.hasManifest = true;
      if (item === MANIFEST_ITEM) continue;
      content.notePeer(peer.slot, item);
      this.#routes.spread(item);
    }
    peer.timeouts = 0;
    if (newest >= 0) noteTrip(peer, now - newest);
    noteRepeated(peer, this.#outstanding.repeatedInNeed);
    if (items.length > 0) noteDelivered(peer, items.length, highest, now, options);
    const overtaken = now - overtakenAge(peer);
    items.length = 0;
    noteLost(peer, this.#outstanding.takeLost(peer, -1, overtaken, highest, items));
    this.#requeue(peer, items);
    this.pump(peer);
    this.#armRetransmit(peer, now);
  }

  onRetransmitTimer(peer: Peer): void {
    const now = this.#context.io.now();
    if (now < peer.retransmitDueAt - TIMER_SLACK_MS) return;
    peer.retransmitDueAt = Infinity;
    if (peer.inFlight === 0) return;
    const lost = this.#items;
    lost.length = 0;
    noteLost(peer, this.#outstanding.takeLost(peer, now - patienceWith(peer), -1, -1, lost));
    if (lost.length > 0) {
      noteTimeout(peer);
      this.#requeue(peer, lost);
      if (peer.timeouts >= SILENT_AFTER) {
        lost.length = 0;
        this.#outstanding.takeLost(peer, Infinity, -1, -1, lost);
        this.#queue.clear(peer);
        this.#onSilent(peer);
        return;
      }
      // However full the window is, for what fills it may be lost too.
      if (this.#canTell(peer)) this.#sendQueued(peer);
    }
    this.pump(peer);
    this.#armRetransmit(peer, now);
  }

  /** Sends to all neighbours in turns, one datagram each per round, until links or queues are exhausted. */
  pumpAll(): void {
    const { peers, options } = this.#context;
    if (!options.paced) {
      for (const peer of peers) this.pump(peer);
      return;
    }
    let idleTurns = 0;
    while (idleTurns < peers.length) {
      const peer = peers[this.#turn % peers.length];
      this.#turn = (this.#turn + 1) % peers.length;
      idleTurns = peer !== undefined && this.#sendNext(peer) ? 0 : idleTurns + 1;
    }
  }

  pump(peer: Peer): void {
    while (this.#sendNext(peer));
  }

  #peerHas(peer: Peer, item: number): boolean {
    if (item === MANIFEST_ITEM) return peer.hasManifest;
    return this.#context.content.peerHolds(peer.slot, item);
  }

  #requeue(peer: Peer, items: readonly number[]): void {
    for (let at = items.length - 1; at >= 0; at--) {
      const item = items[at] ?? 0;
      if (!this.#peerHas(peer, item) && !this.#queue.includes(peer, item))
        this.#queue.unshift(peer, item);
    }
  }

  #sendNext(peer: Peer): boolean {
    if (!peer.established || this.#context.lifecycle.over) return false;
    if (!hasRoom(peer)) {
      if (peer.queueLength > 0) peer.windowLimited = true;
      return false;
    }
    if (!this.#canTell(peer)) return false;
    return this.#sendQueued(peer) || this.#takeOver(peer) || this.#resendStalest(peer);
  }

  /** The link takes a datagram at once, and its acknowledgement could be told beside those outstanding. */
  #canTell(peer: Peer): boolean {
    const { io, options } = this.#context;
    if (this.#outstanding.isFull(peer, peer.nextSequence)) return false;
    return !options.paced || io.linkIdle(peer.index);
  }

  #sendQueued(peer: Peer): boolean {
    for (;;) {
      const item = this.#queue.shift(peer);
      if (item === undefined) return false;
      if (this.#peerHas(peer, item)) continue;
      this.#transmit(peer, item);
      return true;
    }
  }

  /** At n0: a tree that is done early takes the last chunk of the one that is farthest behind. */
  #takeOver(peer: Peer): boolean {
    if (!this.#routes.mayTakeOver) return false;
    let behind: Peer | undefined;
    for (const other of this.#context.peers) {
      if (other.queueLength > (behind?.queueLength ?? 0)) behind = other;
    }
    if (behind === undefined) return false;
    const item = this.#queue.last(behind) ?? MANIFEST_ITEM;
    // What somebody passes on already is in this queue for that neighbour alone.
    if (item === MANIFEST_ITEM || this.#routes.isSpread(item)) return false;
    if (this.#peerHas(peer, item) || this.#outstanding.has(peer, item)) return false;
    this.#queue.pop(behind);
    this.#transmit(peer, item);
    return true;
  }

  /** The link idles: what is unacknowledged longest is sent once more, before its timeout. */
  #resendStalest(peer: Peer): boolean {
    if (peer.inFlight === 0 || peer.earlyCredit < earlyCost(this.#context.options)) return false;
    const sentBefore = this.#context.io.now() - resendPause(peer, this.#context.options);
    if (this.#outstanding.oldestSentAt(peer) > sentBefore) return false;
    if (this.#outstanding.stalestSentAt(peer) > sentBefore) return false;
    const item = this.#outstanding.stalestItem(peer);
    if (item === undefined || this.#peerHas(peer, item)) return false;
    peer.earlyCredit -= earlyCost(this.#context.options);
    this.#transmit(peer, item);
    return true;
  }

  /** Nothing waits to be sent to a neighbour that it was not asked for. */
  isIdle(peer: Peer): boolean {
    return peer.established && this.#isLast(peer) && hasRoom(peer) && this.#canTell(peer);
  }

  /** At n0 any link may bring what waits for another. */
  #isLast(peer: Peer): boolean {
    if (!this.#routes.mayTakeOver) return peer.queueLength === 0;
    return this.#context.peers.every(({ queueLength }) => queueLength === 0);
  }

  /** Sends a chunk that another neighbour is late with. */
  lend(peer: Peer, chunk: number): void {
    if (!this.#outstanding.has(peer, chunk)) this.#transmit(peer, chunk, LENT);
  }

  #transmit(peer: Peer, item: number, mark = 0): void {
    const { io, options } = this.#context;
    const now = io.now();
    const sequence = peer.nextSequence;
    peer.nextSequence += 1;
    const session = sessionOf(options.incarnation, peer.incarnation);
    if (item === MANIFEST_ITEM) {
      sendManifest(io, peer.index, sequence, session);
    } else {
      const last = options.paced && this.#isLast(peer) ? LAST_QUEUED : 0;
      sendChunk(io, peer.index, sequence, item, session, mark | last);
    }
    // Ages count from when the last byte is out: at 10 Mbit/s a large chunk takes longer than the way there and back.
    const leftAt = options.paced ? io.leftAt(peer.index) : now;
    this.#outstanding.add(peer, sequence, item, leftAt);
    if (options.paced) notePlanned(peer, leftAt - now);
    this.#armRetransmit(peer, now);
  }

  /** Timers are not moved: an earlier one is set beside, and the later one finds itself stale. */
  #armRetransmit(peer: Peer, now: number): void {
    const pause = resendPause(peer, this.#context.options);
    const patience = patienceWith(peer);
    // The usual case, in the innermost loop: a timer that rings early enough for all that is outstanding.
    if (peer.retransmitDueAt <= now + Math.min(pause, patience)) return;
    if (peer.inFlight === 0) return;
    const timeout = this.#outstanding.oldestSentAt(peer) + patience;
    const again = this.#outstanding.stalestSentAt(peer) + pause;
    const due = Math.max(Math.min(timeout, again), now + 1);
    if (due >= peer.retransmitDueAt) return;
    peer.retransmitDueAt = due;
    this.#context.io.timer(peerTimer(peer.slot, RETRANSMIT_TIMER), due - now);
  }
}
