import { Content } from './content.ts';
import { Greeting } from './greeting.ts';
import { EFFECT, FACT, HALT_REASONS } from './io.ts';
import type { FactKind, MeshIo, MessageKind } from './io.ts';
import { LAST_QUEUED, LENT, type MessageHandlers, receiveMessage } from './messages.ts';
import { LinkMemory } from './linkMemory.ts';
import { ACK_TIMER, FIRST_PEER_TIMER, type NodeContext, peerOf, TIMER } from './nodeContext.ts';
import type { MeshNodeOptions } from './nodeOptions.ts';
import { Peer, sessionOf } from './peer.ts';
import { Prober } from './prober.ts';
import { Pushing } from './pushing.ts';
import { Receiving } from './receiving.ts';
import { Relief } from './relief.ts';
import { Repair } from './repair.ts';
import { lend, servePull } from './serving.ts';
import { ServiceAsker, type ServiceAnswer } from './serviceAsker.ts';
import { lifecycleOf } from './upgrade/upgradeLifecycle.ts';

const OFFER_NOT_SIGNED = HALT_REASONS.indexOf('offer-not-signed');
const EVERY_NEIGHBOUR_REFUSED = HALT_REASONS.indexOf('every-neighbour-refused');

/** One node of the rollout protocol, as a pure state machine over a MeshIo. */
export class MeshNode implements MessageHandlers {
  readonly #context: NodeContext;
  readonly #greeting: Greeting;
  readonly #pushing: Pushing;
  readonly #receiving: Receiving;
  readonly #repair: Repair;
  readonly #relief: Relief | null;
  /** Most nodes of virtual worlds never need these. */
  #asker: ServiceAsker | null = null;
  #prober: Prober | null = null;
  /** What its own host offered before it had booted. */
  #offer: 'none' | 'intact' | 'altered' = 'none';

  /** @param memory of the links; nodes of one world may share it */
  constructor(
    options: MeshNodeOptions,
    io: MeshIo,
    memory = new LinkMemory(options.neighbours.length, options.chunkCount),
  ) {
    const { chunkCount, neighbours, held, heldBefore = held, hasManifest } = options;
    const firstRecord = memory.allot(neighbours);
    this.#context = {
      options,
      io,
      peers: neighbours.map((index, slot) => new Peer(index, slot, memory, firstRecord + slot)),
      memory,
      firstRecord,
      content: new Content(chunkCount, memory, firstRecord, held, heldBefore, hasManifest),
      lifecycle: lifecycleOf(options, io),
    };
    this.#greeting = new Greeting(this.#context, (peer) => this.#pushing.synchronise(peer));
    this.#repair = new Repair(this.#context);
    this.#relief = Relief.wanted(this.#context);
    this.#pushing = new Pushing(this.#context, (peer) => this.#lost(peer));
    this.#receiving = new Receiving(this.#context, {
      manifestAccepted: () => this.#manifestAccepted(),
      chunkStored: (chunk, peer, wasLent) => this.#chunkStored(chunk, peer, wasLent),
      peerRefused: () => this.#peerRefused(),
    });
  }

  /** False: the world stashes arriving chunks (bounded) and hands them over again once this turns true. */
  get hasManifest(): boolean {
    return this.#context.content.hasManifest;
  }

  /** How many chunks it holds. */
  get have(): number {
    return this.#context.content.have;
  }

  /** Chunks it holds, one bit each; not to be written to. */
  get held(): Uint32Array {
    return this.#context.content.held;
  }

  /** Greets the neighbours. Facts may be told before. */
  start(): void {
    this.#context.lifecycle.begin();
    // What is whole on the disk of a node that is upgraded counts, whether a neighbour is there or not.
    if (this.#context.options.runs !== undefined) this.#settle();
    this.#greeting.greetAll();
  }

  /**
   * `intact` is the world's verdict on the bytes that came along, computed before the call: manifest: its signature
   * matches the pinned key (true when the plan does not verify); chunk: its SHA-256 is in the signed list. Else true.
   */
  onMessage(
    from: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
    intact: boolean,
  ): void {
    if (this.#context.lifecycle.over) return;
    const peer = peerOf(this.#context, from);
    if (peer === undefined) return;
    receiveMessage(this, peer, kind, a, b, c, d, bits, intact);
  }

  /** What belongs to another incarnation of either side is dropped: greetings sort that out. */
  #isOf(session: number, peer: Peer): boolean {
    return session === sessionOf(peer.incarnation, this.#context.options.incarnation);
  }

  onManifest(peer: Peer, sequence: number, session: number, intact: boolean): void {
    if (this.#isOf(session, peer)) this.#receiving.onManifest(peer, sequence, intact);
  }

  onChunk(
    peer: Peer,
    sequence: number,
    chunk: number,
    session: number,
    marks: number,
    intact: boolean,
  ): void {
    if (!this.#isOf(session, peer)) return;
    const wasLent = (marks & LENT) !== 0;
    if (!this.#receiving.onChunk(peer, sequence, chunk, wasLent, intact)) return;
    this.#relief?.arrived(peer, chunk, (marks & LAST_QUEUED) !== 0, wasLent);
  }

  onPull(peer: Peer, wantsManifest: boolean, chunks: Uint32Array | null, oneFrom: number): void {
    if (oneFrom > 0) lend(this.#context, this.#pushing, peer, chunks, oneFrom - 1);
    else servePull(this.#context, this.#pushing, peer, wantsManifest, chunks);
  }

  onTimer(key: number): void {
    if (this.#context.lifecycle.over) return;
    if (key >= FIRST_PEER_TIMER) {
      const peer = this.#context.peers[(key - FIRST_PEER_TIMER) >>> 1];
      if (peer === undefined) return;
      if (((key - FIRST_PEER_TIMER) & 1) === ACK_TIMER) this.#receiving.onAckTimer(peer);
      else this.#pushing.onRetransmitTimer(peer);
    } else if (key === TIMER.hello) this.#greeting.onTimer();
    else if (key === TIMER.probe) this.probing().onTimer();
    else if (key === TIMER.ask) this.asking().onTimer();
    else this.#repair.onTimer();
  }

  onFact(kind: FactKind, a = 0): void {
    const { lifecycle, options } = this.#context;
    if (kind === FACT.offer) {
      this.#offer = a === 1 ? 'intact' : 'altered';
      if (lifecycle.booted) this.#judgeOffer();
    } else if (kind === FACT.peerClosed) {
      const peer = peerOf(this.#context, a);
      if (peer?.established === true) this.#lost(peer);
    } else if (kind === FACT.wired) this.asking().wired();
    else {
      lifecycle.onFact(kind, a);
      if (kind === FACT.servicesHealthy && options.asks !== undefined) this.asking().begin();
    }
  }

  /** Some link (with an uplink rate: all that leave this node) can take a datagram at once. */
  onLinkIdle(): void {
    if (!this.#context.lifecycle.over) this.#pushing.pumpAll();
  }

  /** Pings every other node until `count` answers each came back or its patience ends; then effect `probesDone`. */
  probe(count: number): void {
    if (!this.#context.lifecycle.over) this.probing().start(count);
  }

  /** What its host found when effect `probeService` asked for it. */
  serviceProbed(route: number, probe: number, service: number, passed: boolean): void {
    if (!this.#context.lifecycle.over) this.asking().serviceProbed(route, probe, service, passed);
  }

  /** What its host found when effect `askService` asked for it; undefined: it could not ask. */
  serviceAsked(probe: number, answer: ServiceAnswer | undefined): void {
    if (!this.#context.lifecycle.over) this.asking().serviceAsked(probe, answer);
  }

  /** Asks for no service any more; effect `askingDone` once all answers are here or given up. */
  endAsking(): void {
    this.asking().end();
  }

  /** Reads what any event needs, and returns something of it: see LookAhead of the virtual world. */
  touch(): number {
    const { content, options, lifecycle } = this.#context;
    return content.have ^ options.incarnation ^ (lifecycle.over ? 1 : 0);
  }

  /** The same for a message of `from`. */
  touchPeer(from: number): number {
    return peerOf(this.#context, from)?.touch() ?? 0;
  }

  /** The same for a timer. */
  touchTimer(key: number): number {
    return this.#context.peers[(key - FIRST_PEER_TIMER) >>> 1]?.touch() ?? 0;
  }

  probing(): Prober {
    return (this.#prober ??= new Prober(this.#context));
  }

  asking(): ServiceAsker {
    return (this.#asker ??= new ServiceAsker(this.#context));
  }

  onHello(
    peer: Peer,
    incarnation: number,
    question: number,
    hasManifest: boolean,
    known: number,
    held: Uint32Array | null,
  ): void {
    this.#greeting.onHello(peer, incarnation, question, hasManifest, known, held);
    const { lifecycle, content } = this.#context;
    if (lifecycle.booted) return;
    lifecycle.boot();
    this.#judgeOffer();
    if (lifecycle.over) return;
    this.#repair.start();
    if (!content.hasManifest) return;
    // After a restart: what is on its disk has been verified again.
    lifecycle.verified();
    this.#settle();
  }

  /** Its own host's Capsule: unsigned content halts it, whatever its neighbours have. */
  #judgeOffer(): void {
    const { io, options, content, lifecycle } = this.#context;
    if (this.#offer === 'none') return;
    const valid = options.verify ? 1 : 2;
    io.effect(EFFECT.hop, options.index, this.#offer === 'intact' ? valid : 0, 0);
    if (this.#offer === 'altered') {
      lifecycle.halt(OFFER_NOT_SIGNED);
      return;
    }
    if (!options.source) return;
    content.hasManifest = true;
    content.storeAll();
    lifecycle.verified();
    this.#settle();
    this.#pushing.everythingHeld();
  }

  #lost(peer: Peer): void {
    this.#greeting.lost(peer);
    this.#repair.peerLost();
  }

  #manifestAccepted(): void {
    const { content, lifecycle } = this.#context;
    content.hasManifest = true;
    lifecycle.verified();
    this.#pushing.manifestAccepted();
    this.#settle();
  }

  #chunkStored(chunk: number, peer: Peer, wasLent: boolean): void {
    const wasAskedFor = this.#repair.progress(chunk);
    this.#pushing.chunkStored(chunk, peer.index, wasAskedFor || wasLent);
    if (wasLent) this.#receiving.tellOthers(peer);
    this.#settle();
  }

  #settle(): void {
    if (this.#context.content.complete) this.#context.lifecycle.received();
  }

  #peerRefused(): void {
    const { peers, content, lifecycle } = this.#context;
    if (!content.complete && peers.every((peer) => peer.refusedForGood)) {
      lifecycle.halt(EVERY_NEIGHBOUR_REFUSED);
    } else this.#repair.peerLost();
  }

  onAck(
    peer: Peer,
    highest: number,
    near: number,
    far: number,
    session: number,
    held: Uint32Array | null,
  ): void {
    if (!this.#isOf(session, peer)) return;
    if (held !== null) this.#context.content.mergePeer(peer.slot, held);
    this.#pushing.onAck(peer, highest, near, far);
  }

  onHave(peer: Peer, hasManifest: boolean, bits: Uint32Array | null): void {
    if (hasManifest) peer.hasManifest = true;
    if (bits !== null) this.#context.content.mergePeer(peer.slot, bits);
    this.#repair.onHave(peer);
  }
}
