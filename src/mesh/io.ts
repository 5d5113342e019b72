/**
 * The port between the rollout protocol and the world that drives it. A node is told (message | timer | local fact)
 * and answers through a MeshIo. Messages are numeric so that the virtual world can pool them: 5–6 times the events
 * per CPU-second of effect objects.
 */

export const MESSAGE = {
  /** a = incarnation of the sender, b = 1 when it asks for an answer; bits = chunks it holds (null: none or no manifest). */
  hello: 0,
  /** The signed manifest travels with it. a = link sequence number. */
  manifest: 1,
  /** a = link sequence number, b = chunk index. The chunk's bytes travel with it. */
  chunk: 2,
  /** a = highest link sequence number seen, b and c = bitmaps of the 64 before it; bits optional: chunks held. */
  ack: 3,
  /** bits = chunks wanted. */
  pull: 4,
  /** bits = chunks held: the answer to a pull that cannot be served in full. */
  have: 5,
  /** a = origin << 16 | destination, b = probe number, c·2^32 + d = µs at which the origin sent it. Relayed hop by hop. */
  ping: 6,
  /** Like ping, back to the origin; bits[0] = measured one-way time in µs. */
  pong: 7,
} as const;
export type MessageKind = (typeof MESSAGE)[keyof typeof MESSAGE];

export const EFFECT = {
  /** a = index in PHASES, b = 0 started, 1 ok, 2 error. */
  phase: 0,
  /** A manifest of peer a was checked: b = 1 valid, 0 invalid. */
  hop: 1,
  /** Chunk a of peer b is now held; c = 1 when it had been held before a crash. */
  chunkHeld: 2,
  /** Peer a is refused from now on: b = 0 it sent an invalid manifest, 1 too many bad chunks. */
  refusePeer: 3,
  /** A bad chunk a of peer b was refused. */
  refuseChunk: 4,
  /** All content is here: rebuild the trees, start the services, then answer with fact `started`. */
  startServices: 5,
  /** The node halts: a = 0 the Capsule it was given does not carry a matching signature. */
  halt: 6,
  /** Peer a answered probe b: one-way time c in µs. */
  probed: 7,
} as const;
export type EffectKind = (typeof EFFECT)[keyof typeof EFFECT];

export interface MeshIo {
  /** Monotonic milliseconds of the world that drives the node. */
  now(): number;
  /**
   * Hands one datagram to the link. It may be late, lost, doubled, reordered or corrupt.
   * `bits` is copied by the world before send returns. For `manifest` and `chunk` the world attaches the bytes.
   */
  send(
    to: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
  ): void;
  /** True when the link to `to` would put a datagram of `bytes` on the wire without queueing behind others. */
  linkIdle(to: number): boolean;
  /** Calls `onTimer(key)` once, `afterMs` from now. Timers are never cancelled: a stale key is ignored by its owner. */
  timer(key: number, afterMs: number): void;
  effect(kind: EffectKind, a: number, b: number, c: number): void;
}
