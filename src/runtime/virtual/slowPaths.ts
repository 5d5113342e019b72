import { Serialiser } from '../../network/serialiser.ts';

/**
 * Real paths slower than the plan says, as a node on another machine has one: nobody is told of them, and the network's
 * decisions are not theirs. All datagrams wait in line, small ones too.
 */
export interface SlowPathOptions {
  /** `node`: one path carries all that leaves a node, one all that reaches it. `link`: each link has a path of its own. */
  readonly of: 'node' | 'link';
  readonly mbps: number;
  /** What waits in front of a path; more is lost. Left out: no end, as behind a connection that loses nothing. */
  readonly queueBytes?: number;
}

/** Lost in front of a path. */
export const OVERFLOWED = -1;

/** The paths of one run. A datagram passes two: from its sender, then to its receiver. */
export class SlowPaths {
  readonly #options: SlowPathOptions;
  readonly #nodes: number;
  readonly #bitsPerMs: number;
  readonly #serialiser = new Serialiser();

  constructor(options: SlowPathOptions, nodes: number) {
    this.#options = options;
    this.#nodes = nodes;
    this.#bitsPerMs = options.mbps * 1000;
  }

  /** When the datagram has left the path of its sender, ms; or OVERFLOWED. */
  leave(from: number, to: number, bytes: number, now: number): number {
    const path = this.#options.of === 'node' ? from : from * this.#nodes + to;
    return this.#pass(path, bytes, now);
  }

  /** When it has left that of its receiver. The path of a link ends there. */
  arrive(to: number, bytes: number, now: number): number {
    return this.#options.of === 'node' ? this.#pass(this.#nodes + to, bytes, now) : now;
  }

  #pass(path: number, bytes: number, now: number): number {
    const { queueBytes = Infinity } = this.#options;
    const waiting = Math.max(0, this.#serialiser.freeAt(path) - now) * this.#bitsPerMs;
    if (waiting / 8 + bytes > queueBytes) return OVERFLOWED;
    return this.#serialiser.book(path, bytes * 8, this.#bitsPerMs, now);
  }
}
