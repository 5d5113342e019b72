import type { MeshNode } from '../../mesh/node.ts';
import { type EventPool, MESSAGE_EVENT, TIMER_EVENT } from './eventPool.ts';
import type { TimingWheel } from './timingWheel.ts';
import type { VirtualNode } from './virtualNode.ts';

/** Events that are looked at together. More would push each other out of the first cache. */
const EVENTS = 32;

/**
 * Reads what the next events are about, so that it is in the processor's caches when they happen. A large mesh does not fit
 * into them, and an event follows a chain: entry, node, protocol, peer, record; each fetched from memory to learn where
 * the next one is. The chains of different events do not depend on each other: read here in stages, link by link of
 * the chain for all events, the processor fetches them side by side. Nothing but speed depends on it; what is put in
 * before its turn comes is simply not warm.
 */
export class LookAhead {
  readonly #wheel: TimingWheel;
  readonly #pool: EventPool;
  readonly #nodes: readonly VirtualNode[];
  readonly #ids = new Int32Array(EVENTS);
  readonly #protocols = new Array<MeshNode | null>(EVENTS).fill(null);
  #eventsLeft = 0;
  /** Of what was read: a read without a use would be left out by the compiler. */
  #sum = 0;

  constructor(wheel: TimingWheel, pool: EventPool, nodes: readonly VirtualNode[]) {
    this.#wheel = wheel;
    this.#pool = pool;
    this.#nodes = nodes;
  }

  /** To be called before each event. */
  advance(): void {
    if (this.#eventsLeft === 0) {
      this.#read(this.#wheel.upcoming(this.#ids));
      this.#eventsLeft = EVENTS;
    }
    this.#eventsLeft -= 1;
  }

  #read(count: number): void {
    for (let at = 0; at < count; at++) {
      const id = this.#ids[at] ?? 0;
      const kind = this.#pool.kindOf(id);
      const isOfNode = kind === MESSAGE_EVENT || kind === TIMER_EVENT;
      const node = isOfNode ? this.#nodes[this.#pool.nodeOf(id)] : undefined;
      this.#protocols[at] = node?.protocol ?? null;
    }
    for (let at = 0; at < count; at++) this.#sum ^= this.#protocols[at]?.touch() ?? 0;
    for (let at = 0; at < count; at++) {
      const id = this.#ids[at] ?? 0;
      const protocol = this.#protocols[at] ?? null;
      if (protocol === null) continue;
      this.#sum ^=
        this.#pool.kindOf(id) === MESSAGE_EVENT
          ? protocol.touchPeer(this.#pool.fromOf(id))
          : protocol.touchTimer(this.#pool.aOf(id));
    }
  }
}
