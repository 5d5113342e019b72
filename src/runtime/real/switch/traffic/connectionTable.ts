import type { ConnectionStatus } from '../../../../model/connectionStatus.ts';
import { DELIVERED, REFUSED } from '../../../../network/fate.ts';
import type { SeenPacket } from '../packetSwitch.ts';
import {
  ACK,
  FIN,
  ipHeaderBytes,
  RST,
  SYN,
  tcpFlags,
  tcpHeaderBytes,
  tcpSequence,
} from './tcpHeader.ts';

/** A side that asked for an answer and heard nothing for so long is told of as timed out: kernels have asked again by then. */
const SILENCE_MS = 3_000;
/** Silent ones are forgotten when nobody has asked again for so long. */
const FORGET_MS = 30_000;
const MOST_CONNECTIONS = 20_000;

const CLIENT = 0;
const SERVER = 1;

export interface Connection {
  readonly client: number;
  readonly server: number;
  readonly port: number;
}

interface Followed extends Connection {
  /** Sequence number of the client's SYN: another one begins another connection. */
  readonly sequence: number;
  /** When the SYN was sent first. */
  readonly askedAt: number;
  asks: number;
  answers: number;
  isOpen: boolean;
  isSilent: boolean;
  readonly hasFinished: [boolean, boolean];
  /** By side: since when it waits for any answer, ms; Infinity: it does not. */
  readonly waitsSince: [number, number];
  lastSent: number;
}

export type OnConnection = (
  connection: Connection,
  status: ConnectionStatus,
  /** ms since the run began. */
  at: number,
  /** ms; undefined: not `opened`, or a packet of the handshake was repeated. */
  rttMs?: number,
) => void;

/** Follows TCP connections by the segments that cross the network, without looking at what they carry. */
export class ConnectionTable {
  readonly #nodes: number;
  readonly #on: OnConnection;
  readonly #followed = new Map<number, Followed>();
  /** Connections that were too many to follow, since the last `takeUnfollowed`. */
  #unfollowed = 0;

  constructor(nodes: number, on: OnConnection) {
    this.#nodes = nodes;
    this.#on = on;
  }

  /** Takes in a TCP segment whose fate is known; the connection it is of, where it is followed. */
  see(seen: SeenPacket): Connection | undefined {
    const flags = tcpFlags(seen.packet);
    if (flags === undefined) return undefined;
    const key = this.#keyOf(seen);
    const known = this.#followed.get(key);
    const isAsking = (flags & (SYN | ACK)) === SYN;
    if (isAsking && known?.sequence !== tcpSequence(seen.packet)) return this.#begin(key, seen);
    if (known === undefined) return undefined;
    this.#continue(key, known, seen, flags);
    return known;
  }

  takeUnfollowed(): number {
    const count = this.#unfollowed;
    this.#unfollowed = 0;
    return count;
  }

  /** Tells of those that have met with silence. @param now ms since the run began */
  lookForSilence(now: number): void {
    for (const [key, one] of this.#followed) {
      const waitsSince = Math.min(one.waitsSince[CLIENT], one.waitsSince[SERVER]);
      if (now - waitsSince < SILENCE_MS) continue;
      if (!one.isSilent) this.#on(one, 'timed-out', now);
      one.isSilent = true;
      if (now - one.lastSent >= FORGET_MS) this.#followed.delete(key);
    }
  }

  /** The same for both directions. */
  #keyOf({ from, to, sourcePort, targetPort }: SeenPacket): number {
    const isUp = from < to;
    const link = isUp ? from * this.#nodes + to : to * this.#nodes + from;
    const [low, high] = isUp ? [sourcePort, targetPort] : [targetPort, sourcePort];
    return (link * 65_536 + low) * 65_536 + high;
  }

  #begin(key: number, seen: SeenPacket): Connection | undefined {
    if (this.#followed.size >= MOST_CONNECTIONS && !this.#followed.has(key)) {
      this.#unfollowed += 1;
      return undefined;
    }
    const { from: client, to: server, targetPort: port, sent } = seen;
    const begun: Followed = {
      ...{ client, server, port, sequence: tcpSequence(seen.packet), askedAt: sent },
      ...{ asks: 1, answers: 0, isOpen: false, isSilent: false, lastSent: sent },
      hasFinished: [false, false],
      waitsSince: [sent, Infinity],
    };
    this.#followed.set(key, begun);
    if (seen.outcome === REFUSED) this.#refused(key, begun, seen);
    return begun;
  }

  /** Its sender was told that there is nobody; whoever else waits goes on waiting. */
  #refused(key: number, one: Followed, { from, sent }: SeenPacket): void {
    if (!one.isOpen && from !== one.client) return;
    this.#followed.delete(key);
    this.#on(one, one.isOpen ? 'reset' : 'refused', sent);
  }

  #continue(key: number, one: Followed, seen: SeenPacket, flags: number): void {
    const side = seen.from === one.client ? CLIENT : SERVER;
    const isDelivered = seen.outcome === DELIVERED;
    const isHandshake = (flags & SYN) !== 0;
    if (isHandshake && side === CLIENT) one.asks += 1;
    if (isHandshake && side === SERVER) one.answers += 1;
    if (isHandshake || (flags & FIN) !== 0 || hasPayload(seen.packet)) {
      one.waitsSince[side] = Math.min(one.waitsSince[side], seen.sent);
      one.lastSent = seen.sent;
    }
    if (seen.outcome === REFUSED) this.#refused(key, one, seen);
    if (!isDelivered) return;
    one.waitsSince[side === CLIENT ? SERVER : CLIENT] = Infinity;
    one.isSilent = false;
    if ((flags & RST) !== 0) {
      this.#followed.delete(key);
      if (one.isOpen) this.#on(one, 'reset', seen.due);
      else if (side === SERVER) this.#on(one, 'refused', seen.due);
      return;
    }
    if (isHandshake && side === SERVER && !one.isOpen) this.#open(one, seen.due);
    if ((flags & FIN) !== 0) one.hasFinished[side] = true;
    if (one.hasFinished[CLIENT] && one.hasFinished[SERVER]) {
      this.#followed.delete(key);
      this.#on(one, 'closed', seen.due);
    }
  }

  #open(one: Followed, at: number): void {
    one.isOpen = true;
    const isClear = one.asks === 1 && one.answers === 1;
    this.#on(one, 'opened', at, isClear ? at - one.askedAt : undefined);
  }
}

function hasPayload(packet: Buffer): boolean {
  return packet.length > ipHeaderBytes(packet) + tcpHeaderBytes(packet);
}
