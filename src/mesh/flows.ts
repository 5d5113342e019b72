import { FLOWS } from '../model/packetClasses.ts';
import type { Flow } from '../network/flow.ts';

/** Queues of real links take turns between flows, so a small datagram of the protocol does not wait for a chunk. */
const SMALL_TALK = {
  arrivesDamaged: false,
  overtakes: true,
  keepsOrder: false,
  account: 'protocol',
} as const;

export const CONTROL_FLOW: Flow = { index: FLOWS.indexOf('control'), ...SMALL_TALK };
/** What a node has to notice by itself: damage is found by a chunk's digest. */
export const CHUNK_FLOW: Flow = {
  index: FLOWS.indexOf('chunk'),
  arrivesDamaged: true,
  overtakes: false,
  keepsOrder: false,
  account: 'protocol',
};
export const ACK_FLOW: Flow = { index: FLOWS.indexOf('ack'), ...SMALL_TALK };
export const PROBE_FLOW: Flow = { index: FLOWS.indexOf('probe'), ...SMALL_TALK };
