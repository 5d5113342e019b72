import { FLOW_OF_MESSAGE, HEADER_BYTES as MODEL_HEADER_BYTES, MESSAGE } from '../../../mesh/io.ts';
import type { Emulator } from '../../../network/emulator.ts';
import { CORRUPT, DELIVERED, newFate, PEER_DOWN, type Fate } from '../../../network/fate.ts';
import {
  frameChunk,
  frameFrom,
  frameKind,
  frameSentAt,
  frameTo,
  HEADER_BYTES,
  payloadStart,
  stampDue,
} from '../../../wire/frame.ts';
import type { AgentConnection } from './connection.ts';
import { DeadlineHeap } from './deadlineHeap.ts';
import type { NodeOutlets } from './nodeOutlets.ts';
import {
  PacketSwitch,
  type PacketOutlet,
  type RefusedPackets,
  type SeenPacket,
} from './packetSwitch.ts';
import { Refusals, type RefusalNews } from './refusals.ts';
import { RealPaths } from './realPaths.ts';
import type { PacketColumns, PacketRecord } from '../../packetColumns.ts';

/** One datagram on its way. Times are ms since the run began. */
interface Delivery {
  readonly frame: Buffer;
  readonly packet: Omit<PacketRecord, 'arrived'>;
  readonly dueAt: number;
  readonly isDouble: boolean;
}

export interface EmulatorSwitchOptions {
  readonly emulator: Emulator;
  readonly packets: PacketColumns;
  /** ms since the run began. */
  readonly now: () => number;
  /** See PacketSwitchOptions. */
  readonly onServicePacket?: (seen: SeenPacket) => void;
  /** What faults that refuse packets come to. */
  readonly onRefusal?: (news: RefusalNews) => void;
  /** Asks for a call of `deliverDue` at this time. */
  readonly wakeAt: (dueAt: number) => void;
}

/**
 * Forwards datagrams between the agents of a run as the link model decides: it alone delays, drops, doubles and damages.
 * A datagram is due at the time it left its node plus its delay, so that the time it took to get here does not add up; what goes to
 * another host leaves as much earlier as its real way there takes.
 * Packets of services share links, rates and queues with datagrams; the rest of their way is PacketSwitch's.
 */
export class EmulatorSwitch {
  readonly #options: EmulatorSwitchOptions;
  readonly #nodes: number;
  readonly #connections = new Map<number, AgentConnection>();
  readonly #pending = new DeadlineHeap<Delivery>();
  readonly #fate: Fate = newFate();
  readonly #services: PacketSwitch;
  /** Of nodes on other hosts. */
  readonly paths = new RealPaths();
  /** Faults that refuse packets of services. */
  readonly refusals: Refusals;

  constructor(options: EmulatorSwitchOptions) {
    this.#options = options;
    this.#nodes = options.emulator.table.nodes;
    const { emulator, now, onServicePacket = null, onRefusal = () => undefined } = options;
    this.refusals = new Refusals(onRefusal);
    const { refusals, paths } = this;
    const onPacket = onServicePacket;
    this.#services = new PacketSwitch({ emulator, now, onPacket, refusals, paths });
  }

  /** A restarted agent replaces the connection of its earlier incarnation. */
  connect(connection: AgentConnection): void {
    this.#connections.get(connection.node)?.close();
    this.#connections.set(connection.node, connection);
  }

  disconnect(connection: AgentConnection): void {
    if (this.#connections.get(connection.node) === connection) {
      this.#connections.delete(connection.node);
    }
  }

  /** Packets of services that did not enter the network, by reason. */
  get refusedPackets(): RefusedPackets {
    return this.#services.refused;
  }

  connectPackets(outlet: PacketOutlet): void {
    this.#services.connect(outlet);
  }

  disconnectPackets(outlet: PacketOutlet): void {
    this.#services.disconnect(outlet);
  }

  /** Decides one raw IPv4 packet of a service: see PacketSwitch. `deliverDue` is to be called after a batch of them. */
  acceptPacket(node: number, packet: Buffer, readAt: number, place = 0): void {
    this.#services.accept(node, packet, readAt, place);
  }

  /** Which place of a node packets go to. */
  get outlets(): NodeOutlets {
    return this.#services.outlets;
  }

  /** Decides one datagram; false when the frame is none, or names another sender than the connection's. */
  accept(node: number, frame: Buffer): boolean {
    const to = frameTo(frame);
    const kind = frameKind(frame);
    const flow = FLOW_OF_MESSAGE[kind];
    if (flow === undefined || frameFrom(frame) !== node) return false;
    if (to >= this.#nodes || to === node || payloadStart(frame) > frame.length) return false;
    if (!Number.isFinite(frameSentAt(frame))) return false;
    // A clock that is ahead must not make a datagram late, one that is broken not early.
    const sentAt = Math.min(frameSentAt(frame), this.#options.now());
    const bytes = frame.length - HEADER_BYTES + MODEL_HEADER_BYTES;
    this.#options.emulator.transmit(node, to, flow, bytes, sentAt, this.#fate);
    this.#dispatch(frame, {
      link: node * this.#nodes + to,
      flow: flow.index,
      number: this.#fate.number,
      sent: sentAt,
      configured: this.#fate.delayMs,
      outcome: this.#fate.outcome,
      chunk: kind === MESSAGE.chunk ? frameChunk(frame) : -1,
    });
    return true;
  }

  /** Hands over everything that is due, then asks to be woken for the rest. */
  deliverDue(): void {
    while (this.#pending.earliest <= this.#options.now()) {
      const delivery = this.#pending.pop();
      if (delivery !== undefined) this.#handOver(delivery);
    }
    for (const connection of this.#connections.values()) {
      if (connection.hasFrames) connection.flush();
    }
    this.#services.deliverDue();
    const wakeAt = Math.min(this.#pending.earliest, this.#services.wakeAt);
    if (wakeAt < Infinity) this.#options.wakeAt(wakeAt);
  }

  #dispatch(frame: Buffer, packet: Omit<PacketRecord, 'arrived'>): void {
    const { outcome, deliverAt, duplicateAt, damage } = this.#fate;
    if (outcome !== DELIVERED && outcome !== CORRUPT) {
      this.#options.packets.add({ ...packet, arrived: packet.sent });
      return;
    }
    const carried = outcome === CORRUPT ? damaged(frame, damage) : frame;
    const down = this.paths.downOf(packet.link % this.#nodes);
    // Before: a copy of it says another time.
    const double = duplicateAt < 0 ? null : Buffer.from(carried);
    stampDue(carried, deliverAt);
    this.#pending.push(deliverAt - down, {
      frame: carried,
      packet,
      dueAt: deliverAt,
      isDouble: false,
    });
    if (double === null) return;
    stampDue(double, duplicateAt);
    this.#pending.push(duplicateAt - down, {
      frame: double,
      packet,
      dueAt: duplicateAt,
      isDouble: true,
    });
  }

  #handOver({ frame, packet, dueAt, isDouble }: Delivery): void {
    const from = Math.floor(packet.link / this.#nodes);
    const to = packet.link % this.#nodes;
    const at = this.#options.now() + this.paths.downOf(to);
    const connection = this.#connections.get(to);
    const isUp = connection?.isUp === true;
    if (isUp) {
      connection.add(frame);
      if (packet.outcome === CORRUPT) this.#options.emulator.handedOverCorrupt(from, to);
      else this.#options.emulator.handedOver(from, to, packet.sent, dueAt, at);
    } else {
      this.#options.emulator.foundPeerDown(from, to);
    }
    // A packet is recorded once, with the fate of its first copy.
    if (isDouble) return;
    this.#options.packets.add({
      ...packet,
      arrived: at,
      outcome: isUp ? packet.outcome : PEER_DOWN,
    });
  }
}

/** A copy with one byte of the payload flipped; the sender's own bytes stay as they are. */
function damaged(frame: Buffer, damage: number): Buffer {
  const copy = Buffer.from(frame);
  const start = payloadStart(copy);
  if (start === copy.length) return copy;
  const at = start + (damage % (copy.length - start));
  copy[at] = (copy[at] ?? 0) ^ (1 + ((damage >>> 8) % 255));
  return copy;
}
