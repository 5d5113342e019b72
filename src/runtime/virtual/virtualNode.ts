import type { EffectKind, MeshIo, MessageKind } from '../../mesh/io.ts';
import type { MeshNode } from '../../mesh/node.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import type { ArrivedChunk } from './contentIntake.ts';
import type { VirtualWorld } from './world.ts';

/** `down`: killed, and perhaps to be restarted. */
export type NodeStatus = 'running' | 'ready' | 'halted' | 'failed' | 'down';

/** One node of the virtual world: its protocol, and the port the protocol acts through. */
export class VirtualNode implements MeshIo {
  readonly index: number;
  readonly #world: VirtualWorld;
  protocol: MeshNode | null = null;
  incarnation = 0;
  status: NodeStatus = 'running';
  /** Relays altered bytes. */
  byzantine = false;
  /** It let an altered manifest in (signatures are not verified): what it holds and relays is the altered content. */
  tainted = false;
  verified = false;
  startedUnverified = false;
  refused = 0;
  relayedRefused = 0;
  /** Chunks it took although the world had said they are bad. The protocol never does; the invariant would tell. */
  badHeld: Set<number> | null = null;
  /** Its services have been told to start, in any incarnation. */
  ranServices = false;
  /** The Capsule it chose to run; a crash does not change that. */
  runs: CapsuleVersion = 'new';
  /** The Capsule whose services start beside those, or are healthy and have not taken over; null: none do. */
  comes: CapsuleVersion | null = null;
  /** It takes no part in the upgrade: its protocol neither sends nor listens, and what it runs serves on. */
  hasHalted = false;
  /** How often it was moved to another Capsule. */
  moves = 0;
  slowness = 1;
  /** Links it waits for to become idle. */
  waitingFor: Set<number> | null = null;
  /** Chunks that came before the manifest. */
  stash: ArrivedChunk[] | null = null;

  constructor(index: number, world: VirtualWorld) {
    this.index = index;
    this.#world = world;
  }

  get isUp(): boolean {
    return this.status === 'running' || this.status === 'ready';
  }

  now(): number {
    return this.#world.nowMs;
  }

  send(
    to: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
  ): void {
    if (this.isUp) this.#world.send(this, to, kind, a, b, c, d, bits);
  }

  linkIdle(to: number): boolean {
    return this.#world.linkIdle(this, to);
  }

  leftAt(to: number): number {
    return this.#world.leftAt(this, to);
  }

  timer(key: number, afterMs: number): void {
    this.#world.setTimer(this, key, afterMs);
  }

  effect(kind: EffectKind, a: number, b: number, c: number): void {
    if (this.isUp) this.#world.onEffect(this, kind, a, b, c);
  }
}
