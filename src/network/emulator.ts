import type { LinkReport, NetworkReport } from '../model/evidence.ts';
import type { LinkSpec } from '../model/topology.ts';
import type { Fate } from './fate.ts';
import type { LinkTable } from './linkTable.ts';

/**
 * The emulated network of one run in one place: numbers packets, asks the link model, books the serialisers, applies
 * what chaos changed, counts. It has no clock: every call is given the time, in ms of one origin.
 */
export class Emulator {
  readonly table: LinkTable;

  constructor(table: LinkTable) {
    this.table = table;
  }

  /** Decides a datagram sent at `sentAt` and books its link. `bytes` include the header. */
  transmit(
    from: number,
    to: number,
    flow: number,
    bytes: number,
    sentAt: number,
    fate: Fate,
  ): void {
    void [from, to, flow, bytes, sentAt, fate];
    throw new Error('pending');
  }

  /** To be called when a datagram was handed over: `dueAt` is its `deliverAt`, `at` when it really happened. */
  handedOver(from: number, to: number, sentAt: number, dueAt: number, at: number): void {
    void [from, to, sentAt, dueAt, at];
  }

  /** To be called instead of handedOver when the receiver was down. */
  foundPeerDown(from: number, to: number): void {
    void [from, to];
  }

  /** When the link's serialiser is free; 0 without a rate. */
  freeAt(from: number, to: number): number {
    void [from, to];
    return 0;
  }

  /** Packets sent from now on between the groups vanish. Returns a token for `heal`. */
  partition(from: readonly number[], to: readonly number[], oneWay: boolean): number {
    void [from, to, oneWay];
    return 0;
  }

  heal(token: number): void {
    void token;
  }

  degradeLink(from: number, to: number, change: Partial<LinkSpec>): void {
    void [from, to, change];
  }

  /** Multiplies the delays of all links that enter or leave `node`. */
  slow(node: number, factor: number): void {
    void [node, factor];
  }

  /** The next `count` chunk datagrams to `node` that would arrive are delivered corrupt. */
  corruptChunks(to: number, count: number): void {
    void [to, count];
  }

  linkReports(): LinkReport[] {
    throw new Error('pending');
  }

  timingError(): NetworkReport['timingErrorMs'] {
    return null;
  }

  decisionsDigest(): string {
    throw new Error('pending');
  }
}
