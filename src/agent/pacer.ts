import type { LaunchCommand } from '../wire/control.ts';

/**
 * Keeps the wire busy without a long queue: the next datagram is handed over when the one before has at most this long
 * to go. A timer of the event loop is late by about as much.
 */
const LEAD_MS = 1;

/** Rates in bits per ms; 0: none. */
export interface PacerRates {
  readonly uplink: number;
  /** By neighbour; a link with a rate of its own does not take part in the uplink's. */
  readonly links: ReadonlyMap<number, number>;
  /** Of this node's last mile: all links share it. */
  readonly up: number;
  /** By neighbour, of its last mile. Others send to it as well, so this is what it takes at best. */
  readonly down: ReadonlyMap<number, number>;
}

/** A queue by its name, and its rate in bits per ms. */
type Queue = readonly [name: string, rate: number];

/**
 * Mirrors the queues of the links that leave this node: nobody else sends on them, so what this node has handed
 * over tells how far they are booked.
 */
export class Pacer {
  readonly #rates: PacerRates;
  readonly #bookedUntil = new Map<string, number>();
  readonly #queues = new Map<number, readonly Queue[]>();

  constructor(rates: PacerRates) {
    this.#rates = rates;
  }

  /** Of a node that is launched with these rates, its neighbours' in their order; null: none of its links has one. */
  static of({ pace, neighbours }: Pick<LaunchCommand, 'pace' | 'neighbours'>): Pacer | null {
    if (pace === undefined) return null;
    const { uplink, up } = pace;
    const byNeighbour = (rates: readonly number[]) =>
      new Map(neighbours.map((to, i) => [to, rates[i] ?? 0]));
    return new Pacer({ uplink, up, links: byNeighbour(pace.links), down: byNeighbour(pace.down) });
  }

  /** Times in ms of one origin. */
  book(to: number, bytes: number, now: number): void {
    let at = now;
    for (const [name, rate] of this.#queuesOf(to)) {
      at = Math.max(at, this.#bookedUntil.get(name) ?? 0) + (bytes * 8) / rate;
      this.#bookedUntil.set(name, at);
    }
  }

  /** When a datagram to `to` may be handed over; in the past: now. */
  idleAt(to: number): number {
    let idle = 0;
    for (const [name] of this.#queuesOf(to)) {
      idle = Math.max(idle, this.#bookedUntil.get(name) ?? 0);
    }
    return idle - LEAD_MS;
  }

  /** Those a datagram passes that have a rate, one after the other. */
  #queuesOf(to: number): readonly Queue[] {
    const known = this.#queues.get(to);
    if (known !== undefined) return known;
    const { uplink, links, up, down } = this.#rates;
    const own = links.get(to) ?? 0;
    const all: Queue[] = [
      ['last mile', up],
      own > 0 ? [`link ${to}`, own] : ['uplink', uplink],
      [`last mile of ${to}`, down.get(to) ?? 0],
    ];
    const queues = all.filter(([, rate]) => rate > 0);
    this.#queues.set(to, queues);
    return queues;
  }
}
