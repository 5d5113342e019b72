import type { Content } from './content.ts';
import type { MeshIo } from './io.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { MeshNodeOptions } from './nodeOptions.ts';
import type { Peer } from './peer.ts';

/** What the parts of one node share. */
export interface NodeContext {
  readonly options: MeshNodeOptions;
  readonly io: MeshIo;
  readonly peers: readonly Peer[];
  readonly content: Content;
  readonly lifecycle: Lifecycle;
}

/** Keys of timers. Those of a peer are FIRST_PEER_TIMER + slot · 2 + one of the two below. */
export const TIMER = { hello: 0, repair: 1, probe: 2, probation: 3, ask: 4 } as const;
export const FIRST_PEER_TIMER = 5;
export const ACK_TIMER = 0;
export const RETRANSMIT_TIMER = 1;

export function peerTimer(slot: number, timer: number): number {
  return FIRST_PEER_TIMER + slot * 2 + timer;
}
