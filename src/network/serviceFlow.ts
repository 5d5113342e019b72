import { FLOWS } from '../model/packetClasses.ts';
import type { Flow } from './flow.ts';

/** How long a packet waits at most in a queue whose size nobody gave. */
const QUEUE_MS = 50;
/** Slow links hold at least a window of TCP. */
const LEAST_QUEUE_BYTES = 64 * 1024;

/** IP packets between services: what kernels send each other. */
export const SERVICE_FLOW: Flow = {
  index: FLOWS.indexOf('service'),
  arrivesDamaged: false,
  overtakes: false,
  queueBytesAt: (bitsPerMs) => Math.max(LEAST_QUEUE_BYTES, (QUEUE_MS * bitsPerMs) / 8),
  keepsOrder: true,
  account: 'services',
};
