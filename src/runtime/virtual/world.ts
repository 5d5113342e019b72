import {
  FLOW_OF_MESSAGE,
  HEADER_BYTES,
  MESSAGE,
  type EffectKind,
  type MessageKind,
} from '../../mesh/io.ts';
import { CONTROL_FLOW } from '../../mesh/flows.ts';
import { Emulator } from '../../network/emulator.ts';
import { CORRUPT, DELIVERED, newFate, PEER_DOWN } from '../../network/fate.ts';
import { LISTED_NODES, type LinkTable } from '../../network/linkTable.ts';
import type { Fault } from '../../model/plan.ts';
import { ContentIntake } from './contentIntake.ts';
import {
  ALTERED,
  DAMAGED,
  DOUBLE,
  EventPool,
  HAS_LEFT,
  IS_THERE,
  IDLE_EVENT,
  MESSAGE_EVENT,
  TIMER_EVENT,
  WORLD_EVENT,
} from './eventPool.ts';
import { LookAhead } from './lookAhead.ts';
import { PacketSealer, type SealedPacket } from './packetSealer.ts';
import { OVERFLOWED, SlowPaths, type SlowPathOptions } from './slowPaths.ts';
import { TimingWheel } from './timingWheel.ts';
import { VirtualNode } from './virtualNode.ts';

export interface WorldOptions {
  readonly table: LinkTable;
  readonly schedule: readonly Fault[];
  readonly chunkSizes: readonly number[];
  readonly manifestBytes: number;
  readonly verify: boolean;
  readonly onEffect: (node: VirtualNode, kind: EffectKind, a: number, b: number, c: number) => void;
  /** Every packet, when its fate is sealed; null: nobody looks at packets. */
  readonly onPacket: ((packet: SealedPacket) => void) | null;
  readonly slowPaths?: SlowPathOptions | undefined;
}

/** A wheel of 65 ms for a small mesh, of 524 ms for a large one: most entries go straight into a slot. */
const SMALL_WHEEL_BITS = 16;
const LARGE_WHEEL_BITS = 19;
const SMALL_NODES = 64;

/** The virtual world: nodes, an emulated network between them, and a clock that jumps from event to event. */
export class VirtualWorld {
  readonly nodes: readonly VirtualNode[];
  readonly emulator: Emulator;
  readonly onEffect: WorldOptions['onEffect'];
  readonly #options: WorldOptions;
  readonly #wheel: TimingWheel;
  readonly #pool: EventPool;
  /** Null: a small mesh is in the processor's caches anyway. */
  readonly #lookAhead: LookAhead | null;
  readonly #fate = newFate();
  readonly #intake: ContentIntake;
  readonly #sealer: PacketSealer | null;
  /** Null: the network alone decides when a datagram arrives. */
  readonly #slowPaths: SlowPaths | null;
  /** Links of larger meshes are in no report: nobody asks what arrived on them. */
  readonly #isCounted: boolean;
  /** Actions of the world so far: each has its number in the trace. */
  #scheduled = 0;
  #trace = 0;
  events = 0;
  packets = 0;
  /** When the first chunk was sent, ms; -1: none was. */
  firstChunkAt = -1;

  constructor(options: WorldOptions) {
    const { table, schedule, onEffect, slowPaths } = options;
    this.#slowPaths = slowPaths === undefined ? null : new SlowPaths(slowPaths, table.nodes);
    this.#options = options;
    this.onEffect = onEffect;
    this.emulator = new Emulator(table, schedule);
    this.nodes = Array.from({ length: table.nodes }, (_, index) => new VirtualNode(index, this));
    const isSmall = table.nodes <= SMALL_NODES;
    this.#wheel = new TimingWheel(isSmall ? SMALL_WHEEL_BITS : LARGE_WHEEL_BITS);
    this.#intake = new ContentIntake(options.verify);
    this.#isCounted = table.nodes <= LISTED_NODES || options.onPacket !== null;
    this.#pool = new EventPool(this.#isCounted);
    this.#lookAhead = isSmall ? null : new LookAhead(this.#wheel, this.#pool, this.nodes);
    this.#sealer = options.onPacket === null ? null : new PacketSealer(options.onPacket);
  }

  get nowMs(): number {
    return this.#wheel.now / 1000;
  }

  /** 32 bits that depend on every event so far and on their order. */
  get trace(): number {
    return this.#trace >>> 0;
  }

  /** Runs `action` at `atMs`, after what is due then already. */
  schedule(atMs: number, action: () => void): void {
    const id = this.#pool.take(WORLD_EVENT);
    this.#pool.setA(id, this.#scheduled);
    this.#pool.entrust(id, action);
    this.#scheduled += 1;
    this.#wheel.put(id, Math.round(atMs * 1000));
  }

  setTimer(node: VirtualNode, key: number, afterMs: number): void {
    const id = this.#pool.take(TIMER_EVENT);
    this.#pool.address(id, node.index, node.incarnation);
    this.#pool.setA(id, key);
    this.#wheel.put(id, this.#wheel.now + Math.max(1, Math.round(afterMs * 1000)));
  }

  linkIdle(node: VirtualNode, to: number): boolean {
    const freeUs = Math.ceil(this.emulator.freeAt(node.index, to) * 1000);
    if (freeUs <= this.#wheel.now) return true;
    const queue = this.#sharesUplink(node.index, to) ? -1 : to;
    node.waitingFor ??= new Set();
    if (node.waitingFor.has(queue)) return false;
    node.waitingFor.add(queue);
    const id = this.#pool.take(IDLE_EVENT);
    this.#pool.address(id, node.index, queue);
    this.#wheel.put(id, freeUs);
    return false;
  }

  /** Where all links that leave the node wait for the same, one event wakes it for all of them. */
  #sharesUplink(from: number, to: number): boolean {
    const { bandwidth } = this.#options.table;
    const lastMiles = this.#options.table.modelOf(from, to)?.spec.lastMiles;
    return bandwidth.model === 'uplink' && lastMiles?.to?.downBitsPerSecond === undefined;
  }

  leftAt(node: VirtualNode, to: number): number {
    return Math.max(this.nowMs, this.emulator.freeAt(node.index, to));
  }

  send(
    node: VirtualNode,
    to: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
  ): void {
    const fate = this.#fate;
    const nowUs = this.#wheel.now;
    const flow = FLOW_OF_MESSAGE[kind] ?? CONTROL_FLOW;
    const bytes = this.#bytesOf(kind, b, bits);
    this.packets += 1;
    if (kind === MESSAGE.chunk && this.firstChunkAt < 0) this.firstChunkAt = nowUs / 1000;
    this.emulator.transmit(node.index, to, flow, bytes, nowUs / 1000, fate);
    if (fate.outcome !== DELIVERED && fate.outcome !== CORRUPT) {
      const { number, deliverAt, delayMs, outcome } = fate;
      this.#sealer?.seal(node.index, to, kind, b, number, nowUs, deliverAt, delayMs, outcome);
      return;
    }
    let flags = fate.outcome === CORRUPT ? DAMAGED : 0;
    const carriesContent = kind === MESSAGE.chunk || kind === MESSAGE.manifest;
    if (carriesContent && (node.byzantine || node.tainted)) flags |= ALTERED;
    if (kind === MESSAGE.chunk && node.badHeld?.has(b) === true) node.relayedRefused += 1;
    const { deliverAt, duplicateAt } = fate;
    this.#launch(node.index, to, kind, a, b, c, d, bits, flags, deliverAt);
    if (duplicateAt >= 0) {
      this.#launch(node.index, to, kind, a, b, c, d, bits, flags | DOUBLE, duplicateAt);
    }
  }

  #launch(
    from: number,
    to: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
    flags: number,
    deliverAt: number,
  ): void {
    const pool = this.#pool;
    const id = pool.take(MESSAGE_EVENT);
    pool.address(id, to, from);
    pool.carry(id, kind, flags, a, b, c, d, bits);
    if (this.#isCounted) {
      pool.stamp(id, this.#wheel.now, this.#fate.delayMs, this.#fate.number);
    }
    this.#wheel.put(id, Math.round(deliverAt * 1000));
  }

  #bytesOf(kind: MessageKind, chunk: number, bits: Uint32Array | null): number {
    if (kind === MESSAGE.chunk) return HEADER_BYTES + (this.#options.chunkSizes[chunk] ?? 0);
    if (kind === MESSAGE.manifest) return HEADER_BYTES + this.#options.manifestBytes;
    return HEADER_BYTES + (bits === null ? 0 : bits.length * 4);
  }

  /** Lets the next event happen. False when there is none: the world stands still. */
  step(): boolean {
    this.#lookAhead?.advance();
    const id = this.#wheel.next();
    if (id < 0) return false;
    const pool = this.#pool;
    this.events += 1;
    const kind = pool.kindOf(id);
    this.#note(kind, pool.nodeOf(id), pool.aOf(id));
    if (kind === MESSAGE_EVENT) {
      if (this.#slowPaths !== null && this.#isHeldUp(id, this.#slowPaths)) return true;
      this.#deliver(id);
    } else if (kind === TIMER_EVENT) this.#ring(id);
    else if (kind === IDLE_EVENT) this.#wake(id);
    else pool.actionOf(id)?.();
    pool.release(id);
    return true;
  }

  /** Whether a message is still on a slow path, or was lost in front of one: nothing tells of those. */
  #isHeldUp(id: number, paths: SlowPaths): boolean {
    const pool = this.#pool;
    const flags = pool.flagsOf(id);
    if ((flags & IS_THERE) !== 0) return false;
    const to = pool.nodeOf(id);
    const bytes = this.#bytesOf(pool.messageOf(id) as MessageKind, pool.bOf(id), pool.bitsOf(id));
    const hasLeft = (flags & HAS_LEFT) !== 0;
    const at = hasLeft
      ? paths.arrive(to, bytes, this.nowMs)
      : paths.leave(pool.fromOf(id), to, bytes, this.nowMs);
    if (at === OVERFLOWED) pool.release(id);
    else {
      pool.flag(id, hasLeft ? IS_THERE : HAS_LEFT);
      this.#wheel.put(id, Math.round(at * 1000));
    }
    return true;
  }

  #note(kind: number, node: number, a: number): void {
    let h = Math.imul(this.#trace ^ this.#wheel.now, 0xcc9e2d51);
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
    this.#trace = Math.imul(h ^ (node * 8 + kind), 0x1b873593) ^ a;
  }

  #ring(id: number): void {
    const node = this.nodes[this.#pool.nodeOf(id)];
    if (node?.isUp === true && node.incarnation === this.#pool.fromOf(id)) {
      node.protocol?.onTimer(this.#pool.aOf(id));
    }
  }

  #wake(id: number): void {
    const node = this.nodes[this.#pool.nodeOf(id)];
    node?.waitingFor?.delete(this.#pool.fromOf(id));
    if (node?.isUp === true) node.protocol?.onLinkIdle();
  }

  #deliver(id: number): void {
    const pool = this.#pool;
    const to = pool.nodeOf(id);
    const from = pool.fromOf(id);
    const flags = pool.flagsOf(id);
    const node = this.nodes[to];
    if (node === undefined) return;
    if (this.#isCounted) this.#count(id, from, to, flags, node.isUp);
    if (!node.isUp) return;
    const a = pool.aOf(id);
    const b = pool.bOf(id);
    const c = pool.cOf(id);
    const kind = pool.messageOf(id) as MessageKind;
    if (kind === MESSAGE.chunk) {
      this.#intake.takeChunk(node, from, a, b, c, pool.dOf(id), flags);
    } else if (kind === MESSAGE.manifest) this.#intake.takeManifest(node, from, a, c, flags);
    else {
      const bits = pool.bitsOf(id);
      node.protocol?.onMessage(from, kind, a, b, c, pool.dOf(id), bits, true);
    }
  }

  #count(id: number, from: number, to: number, flags: number, isUp: boolean): void {
    const pool = this.#pool;
    const nowMs = this.nowMs;
    const sentUs = pool.sentUsOf(id);
    if (!isUp) this.emulator.foundPeerDown(from, to);
    else if ((flags & DAMAGED) !== 0) this.emulator.handedOverCorrupt(from, to);
    else this.emulator.handedOver(from, to, sentUs / 1000, nowMs, nowMs);
    if (this.#sealer === null || (flags & DOUBLE) !== 0) return;
    const arrived = (flags & DAMAGED) !== 0 ? CORRUPT : DELIVERED;
    this.#sealer.seal(
      from,
      to,
      pool.messageOf(id),
      pool.bOf(id),
      pool.numberOf(id),
      sentUs,
      nowMs,
      pool.delayMsOf(id),
      isUp ? arrived : PEER_DOWN,
    );
  }
}
