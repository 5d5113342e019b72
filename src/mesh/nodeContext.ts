import type { Content } from './content.ts';
import type { MeshIo } from './io.ts';
import type { NodeLifecycle } from './lifecycle.ts';
import type { LinkMemory } from './linkMemory.ts';
import type { MeshNodeOptions } from './nodeOptions.ts';
import type { Peer } from './peer.ts';

/** What the parts of one node share. */
export interface NodeContext {
  readonly options: MeshNodeOptions;
  readonly io: MeshIo;
  /** By slot, in ascending order of their indices. */
  readonly peers: readonly Peer[];
  /** Where the peers' records are; those of one node lie side by side, in order of slots. */
  readonly memory: LinkMemory;
  readonly firstRecord: number;
  readonly content: Content;
  readonly lifecycle: NodeLifecycle;
}

/** Undefined: the node is no neighbour. */
export function peerOf(context: NodeContext, node: number): Peer | undefined {
  const { memory, firstRecord, peers } = context;
  return peers[memory.find(firstRecord, peers.length, node) - firstRecord];
}

/** Keys of timers. Those of a peer are FIRST_PEER_TIMER + slot · 2 + one of the two below. */
export const TIMER = { hello: 0, repair: 1, probe: 2, probation: 3, ask: 4 } as const;
export const FIRST_PEER_TIMER = 5;
export const ACK_TIMER = 0;
export const RETRANSMIT_TIMER = 1;

export function peerTimer(slot: number, timer: number): number {
  return FIRST_PEER_TIMER + slot * 2 + timer;
}
