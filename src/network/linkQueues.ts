import type { LinkSpec } from '../model/linkSpec.ts';
import { ArrivalQueues } from './arrivalQueues.ts';
import { type Flow, SMALL_BYTES } from './flow.ts';
import type { LinkTable } from './linkTable.ts';
import { Serialiser } from './serialiser.ts';

/**
 * The rates a packet has to wait for on its way, one after the other: the sender's last mile up, its uplink or the link's own rate, the
 * receiver's last mile down. The way's delay counts from the last of them.
 */
export class LinkQueues {
  readonly #table: Pick<LinkTable, 'nodes' | 'bandwidth'>;
  readonly #lastMilesUp = new Serialiser();
  readonly #paths = new Serialiser();
  readonly #lastMilesDown = new ArrivalQueues();

  constructor(table: Pick<LinkTable, 'nodes' | 'bandwidth'>) {
    this.#table = table;
  }

  /** When the last bit has left, in ms; −1: a queue on its way is full. */
  send(
    { rateBitsPerSecond, queueBytes, lastMiles }: LinkSpec,
    from: number,
    to: number,
    flow: Flow,
    bytes: number,
    now: number,
  ): number {
    let at = now;
    const up = lastMiles?.from?.upBitsPerSecond;
    if (up !== undefined) at = wait(this.#lastMilesUp, from, up / 1000, flow, bytes, at, undefined);
    const path = this.#pathOf(from, to, rateBitsPerSecond);
    if (path !== undefined && at >= 0) {
      at = wait(this.#paths, path.key, path.bitsPerMs, flow, bytes, at, queueBytes);
    }
    const down = lastMiles?.to?.downBitsPerSecond;
    if (down === undefined || at < 0) return at;
    return this.#arrive(to, down / 1000, flow, bytes, at, now);
  }

  #arrive(
    to: number,
    bitsPerMs: number,
    flow: Flow,
    bytes: number,
    at: number,
    now: number,
  ): number {
    const queues = this.#lastMilesDown;
    const bits = bytes * 8;
    const waits = queues.startOf(to, bits, bitsPerMs, at) - at;
    if (isFull(waits * bitsPerMs, bytes, flow.queueBytesAt?.(bitsPerMs))) return -1;
    const end = queues.book(to, bits, bitsPerMs, at, now);
    return overtakes(flow, bytes) ? at + bits / bitsPerMs : end;
  }

  /** When a packet that is sent now would wait for nothing; at most now where nothing has a rate. */
  freeAt({ rateBitsPerSecond, lastMiles }: LinkSpec, from: number, to: number): number {
    const path = this.#pathOf(from, to, rateBitsPerSecond);
    const hasUp = lastMiles?.from?.upBitsPerSecond !== undefined;
    const hasDown = lastMiles?.to?.downBitsPerSecond !== undefined;
    return Math.max(
      path === undefined ? 0 : this.#paths.freeAt(path.key),
      hasUp ? this.#lastMilesUp.freeAt(from) : 0,
      hasDown ? this.#lastMilesDown.freeAt(to) : 0,
    );
  }

  /** A link with a rate of its own has its own queue, numbered above the uplinks. */
  #pathOf(
    from: number,
    to: number,
    own: number | undefined,
  ): { key: number; bitsPerMs: number } | undefined {
    const { nodes, bandwidth } = this.#table;
    if (own !== undefined) return { key: nodes + from * nodes + to, bitsPerMs: own / 1000 };
    if (bandwidth.model !== 'uplink') return undefined;
    return { key: from, bitsPerMs: bandwidth.bitsPerMs };
  }
}

function wait(
  queues: Serialiser,
  key: number,
  bitsPerMs: number,
  flow: Flow,
  bytes: number,
  at: number,
  queueBytes: number | undefined,
): number {
  const waiting = Math.max(0, queues.freeAt(key) - at) * bitsPerMs;
  if (isFull(waiting, bytes, queueBytes ?? flow.queueBytesAt?.(bitsPerMs))) return -1;
  const leftAt = queues.book(key, bytes * 8, bitsPerMs, at);
  return overtakes(flow, bytes) ? at + (bytes * 8) / bitsPerMs : leftAt;
}

function isFull(waitingBits: number, bytes: number, limit: number | undefined): boolean {
  return limit !== undefined && waitingBits / 8 + bytes > limit;
}

function overtakes(flow: Flow, bytes: number): boolean {
  return flow.overtakes && bytes <= SMALL_BYTES;
}
