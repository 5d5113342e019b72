import type { Emulator } from '../../../network/emulator.ts';
import {
  DELIVERED,
  newFate,
  OVERFLOW,
  PEER_DOWN,
  REFUSED,
  type Fate,
} from '../../../network/fate.ts';
import { refusalOf } from '../../../network/refusalPacket.ts';
import { newTuple, readPacket, type PacketProblem } from '../../../network/ipv4Packet.ts';
import { SERVICE_FLOW } from '../../../network/serviceFlow.ts';
import { DeadlineHeap } from './deadlineHeap.ts';
import { NodeOutlets } from './nodeOutlets.ts';
import { RealPaths } from './realPaths.ts';
import type { Refusals } from './refusals.ts';

/** Waking a thread for each packet costs more than the packet: wakes are at least this far apart. */
const QUANTUM_MS = 0.5;

/** What is on its way must not fill memory: a service that floods loses the rest. */
const MOST_WAITING_BYTES = 128 * 1024 * 1024;
/** Of memory that one packet takes besides its own bytes, however small it is. */
const PACKET_COST_BYTES = 512;

/** Where packets to one node, or to one place of it, leave the switch: its relay. */
export interface PacketOutlet {
  readonly node: number;
  /** Which network of the node it is; 0: its only one, or the first. */
  readonly place: number;
  /** False when the relay is gone. */
  readonly isUp: boolean;
  /** It reads more slowly than packets come, or not at all: what waits for it must not fill memory. */
  readonly isFull: boolean;
  /** Packets were added since the last flush. */
  readonly hasPackets: boolean;
  /** @param dueMs when it is due, since the run began */
  add(packet: Buffer, dueMs: number): void;
  flush(): void;
  close(): void;
}

/**
 * Packets that the switch dropped, which nothing the link model decided: they may not travel, or came when too much was on its
 * way (`flood`), or found a relay that did not keep up (`jam`).
 */
export type RefusedPackets = Readonly<Record<PacketProblem | 'flood' | 'jam', number>>;

/** One packet whose fate is known. Times in ms since the run began. */
export interface SeenPacket {
  readonly packet: Buffer;
  readonly from: number;
  readonly to: number;
  readonly protocol: number;
  /** See PacketTuple: 0 where the protocol has none. */
  readonly sourcePort: number;
  readonly targetPort: number;
  /** On its link, from 0. */
  readonly number: number;
  readonly sent: number;
  /** The one-way delay the link model decided. */
  readonly configured: number;
  /** When it was to be handed over; of one that died, when it did. */
  readonly due: number;
  /** When it was handed over, or died. */
  readonly arrived: number;
  /** Index in model/packetClasses OUTCOMES, or REFUSED: it was not on its link then, and has no number there. */
  readonly outcome: number;
  /** Of one that was refused, what its sender got as if from its receiver; left out: nothing. */
  readonly answer?: Buffer | undefined;
}

/** What is written into a packet's one object when its fate is known: at high rates objects are what a packet costs. */
type Fated = 'arrived' | 'outcome';
interface Delivery extends Omit<SeenPacket, Fated> {
  arrived: number;
  outcome: number;
  readonly isDouble: boolean;
}

export interface PacketSwitchOptions {
  readonly emulator: Emulator;
  /** ms since the run began. */
  readonly now: () => number;
  /** Called once for each packet that entered, when its fate is known; null: nobody looks at packets. */
  readonly onPacket: ((seen: SeenPacket) => void) | null;
  readonly refusals: Pick<Refusals, 'meets' | 'wired'>;
  /** Of nodes on other hosts; left out: all are here. */
  readonly paths?: Pick<RealPaths, 'upOf' | 'downOf'>;
}

/** Forwards the IP packets of services between the relays of nodes, as the link model decides. */
export class PacketSwitch {
  readonly #options: PacketSwitchOptions;
  /** Who leads to what. */
  readonly outlets = new NodeOutlets();
  readonly #pending = new DeadlineHeap<Delivery>();
  readonly #fate: Fate = newFate();
  readonly #paths: Pick<RealPaths, 'upOf' | 'downOf'>;
  readonly #tuple = newTuple();
  readonly #refused: Record<keyof RefusedPackets, number> = {
    'not-ipv4': 0,
    truncated: 0,
    malformed: 0,
    'foreign-source': 0,
    'foreign-destination': 0,
    'to-itself': 0,
    flood: 0,
    jam: 0,
  };
  #waitingBytes = 0;
  #handedOverAt = -Infinity;

  constructor(options: PacketSwitchOptions) {
    this.#options = options;
    this.#paths = options.paths ?? new RealPaths();
  }

  get refused(): RefusedPackets {
    return { ...this.#refused };
  }

  /** When `deliverDue` is to be called next; Infinity: nothing is on its way. At a high rate, a quantum after the last hand-over. */
  get wakeAt(): number {
    if (this.#pending.size === 0) return Infinity;
    return Math.max(this.#pending.earliest, this.#handedOverAt + QUANTUM_MS);
  }

  connect(outlet: PacketOutlet): void {
    this.outlets.connect(outlet);
    this.#options.refusals.wired(outlet.node);
  }

  disconnect(outlet: PacketOutlet): void {
    this.outlets.disconnect(outlet);
  }

  /**
   * Decides one packet that the relay of a `place` of `node` sent, read at `readAt`. It is kept until it is handed over: its memory is not
   * to be reused. What may not travel is dropped and counted by reason.
   */
  accept(node: number, packet: Buffer, readAt: number, place = 0): void {
    const { emulator } = this.#options;
    const sent = readAt - this.#paths.upOf(node);
    const problem = this.#problemOf(node, packet);
    if (problem !== undefined) {
      this.#refused[problem] += 1;
      return;
    }
    const fate = this.#fate;
    const { to, protocol, sourcePort, targetPort, stream } = this.#tuple;
    if (this.outlets.areMany) {
      const flow = { peer: to, protocol, ownPort: sourcePort, peerPort: targetPort };
      this.outlets.sent(node, place, flow);
    }
    if (this.#options.refusals.meets(node, to)) {
      const times = { sent, due: sent, arrived: sent, configured: 0 };
      const refused = { number: -1, outcome: REFUSED, answer: this.#refuse(node, place, packet) };
      const ends = { from: node, to, protocol, sourcePort, targetPort };
      this.#options.onPacket?.({ packet, ...ends, ...times, ...refused });
      return;
    }
    emulator.transmit(node, to, SERVICE_FLOW, packet.length, sent, fate, stream);
    const { number, delayMs: configured, outcome, deliverAt, duplicateAt } = fate;
    const due = outcome === OVERFLOW ? sent : deliverAt;
    const delivery: Delivery = {
      packet,
      from: node,
      to,
      protocol,
      sourcePort,
      targetPort,
      number,
      sent,
      configured,
      due,
      arrived: due,
      outcome,
      isDouble: false,
    };
    if (outcome !== DELIVERED) {
      this.#options.onPacket?.(delivery);
      return;
    }
    this.#push(delivery);
    if (duplicateAt >= 0) this.#push({ ...delivery, due: duplicateAt, isDouble: true });
  }

  /** Answered where it was sent, as by a firewall there: it never is on the link, and no decision is made on it. */
  #refuse(node: number, place: number, packet: Buffer): Buffer | undefined {
    const answer = refusalOf(packet);
    const outlet = this.outlets.of(node, place);
    if (answer === undefined || outlet?.isUp !== true) return undefined;
    outlet.add(answer, this.#options.now() + this.#paths.downOf(node));
    return answer;
  }

  #problemOf(node: number, packet: Buffer): PacketProblem | 'flood' | undefined {
    const { nodes } = this.#options.emulator.table;
    const problem = readPacket(packet, node, nodes, this.#tuple);
    if (problem !== undefined) return problem;
    return this.#waitingBytes + costOf(packet) > MOST_WAITING_BYTES ? 'flood' : undefined;
  }

  #push(delivery: Delivery): void {
    this.#waitingBytes += costOf(delivery.packet);
    this.#pending.push(delivery.due - this.#paths.downOf(delivery.to), delivery);
  }

  /** Hands over everything that is due. Looking at the clock is a good part of what a packet costs: once for each. */
  deliverDue(): void {
    const { now } = this.#options;
    for (let at = now(); this.#pending.earliest <= at; at = now()) {
      const delivery = this.#pending.pop();
      if (delivery === undefined) break;
      this.#handOver(delivery, at, at + this.#paths.downOf(delivery.to));
    }
    this.outlets.flush();
  }

  /** It leaves now, and arrives at `at`. */
  #handOver(delivery: Delivery, now: number, at: number): void {
    const { emulator, onPacket } = this.#options;
    const { from, to, packet, sent, due, protocol, sourcePort, targetPort } = delivery;
    this.#waitingBytes -= costOf(packet);
    this.#handedOverAt = now;
    const outlet = this.outlets.areMany
      ? this.outlets.outletFor(to, {
          peer: from,
          protocol,
          ownPort: targetPort,
          peerPort: sourcePort,
        })
      : this.outlets.of(to, 0);
    const isUp = outlet?.isUp === true && !outlet.isFull;
    if (isUp) {
      outlet.add(packet, due);
      emulator.handedOver(from, to, sent, due, at, 'services');
    } else if (outlet?.isUp === true) {
      this.#refused.jam += 1;
    } else {
      emulator.foundPeerDown(from, to, 'services');
    }
    // A packet is seen once, with the fate of its first copy.
    if (delivery.isDouble || onPacket === null) return;
    delivery.arrived = at;
    delivery.outcome = isUp ? DELIVERED : PEER_DOWN;
    onPacket(delivery);
  }
}

function costOf(packet: Buffer): number {
  return packet.length + PACKET_COST_BYTES;
}
