import type { CapsuleVersion } from '../model/upgradeReport.ts';
import type { NodeTrees } from './trees.ts';

export interface MeshNodeOptions {
  readonly index: number;
  readonly nodes: number;
  /** Ascending; the nodes it may send to. */
  readonly neighbours: readonly number[];
  readonly trees: NodeTrees;
  /** By destination, the neighbour to relay a probe to; -1 unreachable. Empty: no probes (large meshes). */
  readonly nextHops: readonly number[];
  /** By node, the services to ask it for once READY, by index in the manifest; left out: none. */
  readonly asks?: readonly (readonly number[])[];
  /** The same where its host has a wire: services reach those of nodes they have links to, and no others; left out: none. */
  readonly wireAsks?: readonly (readonly number[])[];
  /** Of these, services that are asked for four times less often; left out: none. */
  readonly askedSeldom?: readonly number[];
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
  /** Of an upgrade: the Capsule it runs, whole and verified on its disk. Left out: it starts with what it receives. */
  readonly runs?: CapsuleVersion;
  /** Of an upgrade: what it is moved to starts beside what it runs, and takes over from that. Left out: it starts in its place. */
  readonly isBeside?: boolean | undefined;
  readonly verify: boolean;
  /** Share of the packets that the plan loses: more is a sign of full queues. */
  readonly plannedLoss: number;
  /** A rate is set: hand over content only while the link is idle; the world calls `onLinkIdle`. */
  readonly paced: boolean;
}
