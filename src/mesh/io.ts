import type { CapsuleVersion } from '../model/upgradeReport.ts';
import type { Flow } from '../network/flow.ts';
import { ACK_FLOW, CHUNK_FLOW, CONTROL_FLOW, PROBE_FLOW } from './flows.ts';

/**
 * The port between the rollout protocol and the world that drives it. A node is told (message | timer | local fact)
 * and answers through a MeshIo. Messages are numeric so that the virtual world can pool them: 5–6 times the events
 * per CPU-second of effect objects.
 */

/** Kinds of messages; messages.ts says what their numbers and bits mean. */
export const MESSAGE = {
  /** Who it is, what it holds, and what it knows of the receiver. */
  hello: 0,
  /** The signed manifest travels with it. */
  manifest: 1,
  /** The chunk's bytes travel with it. */
  chunk: 2,
  /** What arrived; with the chunks held only when the sender of the data seems to know less. */
  ack: 3,
  /** What is wanted. */
  pull: 4,
  /** What is held: the answer to a pull that cannot be served in full. */
  have: 5,
  /** Relayed hop by hop. */
  ping: 6,
  /** Back to the origin, with the measured one-way time. */
  pong: 7,
  /** A probe of a service, relayed hop by hop. */
  ask: 8,
  /** Back to the origin: whether the service passed its health check. */
  answer: 9,
} as const;
export type MessageKind = (typeof MESSAGE)[keyof typeof MESSAGE];

/** By message kind. */
export const FLOW_OF_MESSAGE: readonly Flow[] = [
  ...[CONTROL_FLOW, CONTROL_FLOW, CHUNK_FLOW, ACK_FLOW, CONTROL_FLOW, CONTROL_FLOW],
  ...[PROBE_FLOW, PROBE_FLOW, PROBE_FLOW, PROBE_FLOW],
];

/** What a datagram costs on a link besides manifest, chunk or bitmap bytes. */
export const HEADER_BYTES = 32;

export const EFFECT = {
  /** a = index in NODE_PHASES, b = 0 started, 1 ok, 2 error, c = on error: index in HALT_REASONS, or -1 for its services. */
  phase: 0,
  /** A manifest of peer a was checked: b = 1 valid, 0 invalid, 2 let in unchecked. a = own index: its own host's. */
  hop: 1,
  /** Chunk a came from peer b and is intact; c = 0 newly held, 1 redelivered: it had been held before a crash. */
  chunkHeld: 2,
  /** Content of peer a is refused from now on: b = 0 it sent an invalid manifest, 1 too many bad chunks. */
  refusePeer: 3,
  /** A bad chunk a of peer b was refused. */
  refuseChunk: 4,
  /**
   * All content is here: rebuild the trees and start the services, then answer with the facts of services. In an upgrade those
   * of Capsule a = index in VERSIONS, and the choice is on the disk before the first of them starts.
   */
  startServices: 5,
  /** The node halts for good: a = index in HALT_REASONS. */
  halt: 6,
  /** Peer a answered probe b: one-way time c in µs. */
  probed: 7,
  /** The probes asked for by `probe` have been answered or given up. */
  probesDone: 8,
  /** Probe its own service c for a peer, and tell the outcome with `serviceProbed(a, b, c, …)`. */
  probeService: 9,
  /** Node a was asked for a service: b = 8 · service + 4 when it refused a connection, + 2 when over the wire, + 1 when it passed, c = µs the asking took. */
  asked: 10,
  /** Everything asked since READY has been answered or given up, and nothing more will be. */
  askingDone: 11,
  /** Ask node a for its service c as a program of its own host would, and tell the outcome with `serviceAsked(b, …)`. */
  askService: 12,
  /** Of an upgrade, as are those below: it holds the new Capsule whole and verified. */
  staged: 13,
  /** It takes no part in the upgrade, for it was offered other content: a = index in HALT_REASONS. What it runs serves on. */
  upgradeHalted: 14,
  /** Stop what runs, or what is not to serve of two that run, then tell the fact `servicesStopped`. */
  stopServices: 15,
  /** Bring the state of the services to Capsule a, then tell the fact `migrated`. */
  migrate: 16,
  /** Those that it is moved to are healthy beside those that serve. It waits for the fact `takeOver` or `giveUp`. */
  beside: 17,
  /** The names lead to Capsule a from now on, and the choice is on the disk. What served before is stopped next. */
  takenOver: 18,
  /** What was to be stopped is gone: ask what serves for its health, then tell the fact `servicesHealthy`. */
  askHealth: 19,
} as const;
export type EffectKind = (typeof EFFECT)[keyof typeof EFFECT];

/** The Capsules of an upgrade; any other run starts the first. */
export const VERSIONS = ['new', 'old'] as const satisfies readonly CapsuleVersion[];

export const HALT_REASONS = ['offer-not-signed', 'every-neighbour-refused'] as const;

/** What a node is told by its own host. */
export const FACT = {
  /** Its host offers a Capsule: a = 1 its signature matches (or is not to be checked), 0 it does not. */
  offer: 0,
  /** All its services run; their health checks go on. */
  servicesStarted: 1,
  servicesHealthy: 2,
  /** A service failed, before or after it had been healthy. */
  servicesFailed: 3,
  /** The connection to peer a was closed or refused. */
  peerClosed: 4,
  /** What programs of its host say to services of other nodes crosses the network from now on. */
  wired: 5,
  /** It is to run Capsule a = index in VERSIONS, which it holds. */
  move: 6,
  servicesStopped: 7,
  migrated: 8,
  /** What is healthy beside those that serve takes over from them. */
  takeOver: 9,
  /** What started beside those that serve is stopped; these serve on. */
  giveUp: 10,
  /** What started beside those that serve has failed; these serve on. */
  besideFailed: 11,
} as const;
export type FactKind = (typeof FACT)[keyof typeof FACT];

export interface MeshIo {
  /** Monotonic milliseconds of the world that drives the node; all nodes of a run share the origin. */
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
  /** True when the link to `to` would put a datagram on the wire without queueing behind others; always, without a rate. */
  linkIdle(to: number): boolean;
  /** When the last datagram handed to the link to `to` has left it, as `now()` counts; without a rate at once. */
  leftAt(to: number): number;
  /** Calls `onTimer(key)` once, `afterMs` from now. Timers are never cancelled: a stale key is ignored by its owner. */
  timer(key: number, afterMs: number): void;
  effect(kind: EffectKind, a: number, b: number, c: number): void;
}
