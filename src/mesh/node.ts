import type { NodeTrees } from './trees.ts';
import type { FactKind, MeshIo, MessageKind } from './io.ts';

export interface MeshNodeOptions {
  readonly index: number;
  readonly nodes: number;
  /** Ascending; the nodes it may send to. */
  readonly neighbours: readonly number[];
  readonly trees: NodeTrees;
  /** By destination, the neighbour to relay a probe to; -1 unreachable. Empty: no probes (large meshes). */
  readonly nextHops: readonly number[];
  readonly chunkCount: number;
  /** 0 at first, one more after each restart. */
  readonly incarnation: number;
  /** Chunks found intact on disk after a restart, one bit each; null: none. */
  readonly held: Uint32Array | null;
  /** Chunks it had held before it crashed; left out: the same as `held`. */
  readonly heldBefore?: Uint32Array | null;
  /** A manifest that was verified is on its disk (after a restart), and has been verified again. */
  readonly hasManifest: boolean;
  /** The entry node: once its host's offer is verified it holds all chunks. */
  readonly source: boolean;
  readonly verify: boolean;
  /** A rate is set: hand over content only while the link is idle; the world calls `onLinkIdle`. */
  readonly paced: boolean;
}

/** One node of the rollout protocol, as a pure state machine over a MeshIo. */
export class MeshNode {
  readonly #options: MeshNodeOptions;
  readonly #io: MeshIo;

  constructor(options: MeshNodeOptions, io: MeshIo) {
    this.#options = options;
    this.#io = io;
  }

  /** False: the world stashes arriving chunks (bounded) and hands them over again once this turns true. */
  get hasManifest(): boolean {
    return this.#options.hasManifest;
  }

  /** How many chunks it holds. */
  get have(): number {
    return 0;
  }

  /** Greets the neighbours. Facts may be told before. */
  start(): void {
    this.#io.now();
  }

  /**
   * `intact` is the world's verdict on the bytes that came along, computed before the call: manifest: its signature
   * matches the pinned key (true when the plan does not verify); chunk: its SHA-256 is in the signed list. Else true.
   */
  onMessage(
    from: number,
    kind: MessageKind,
    a: number,
    b: number,
    c: number,
    d: number,
    bits: Uint32Array | null,
    intact: boolean,
  ): void {
    void [from, kind, a, b, c, d, bits, intact];
  }

  onTimer(key: number): void {
    void key;
  }

  onFact(kind: FactKind, a = 0): void {
    void [kind, a];
  }

  /** The link to `to` (with an uplink rate: any link) can take a datagram at once. */
  onLinkIdle(to: number): void {
    void to;
  }

  /** Pings every other node until `count` answers each came back or its patience ends; then effect `probesDone`. */
  probe(count: number): void {
    void count;
  }
}
