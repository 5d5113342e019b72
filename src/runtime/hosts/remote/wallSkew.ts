import type { Clock } from '../../../base/clock.ts';
import type { HostClaims } from '../../../wire/keeper.ts';

/**
 * How far a host's wall clock is ahead of this machine's, in ms. Known as well as `offsetMs` is: how long what the host said was under
 * way, and how busy this process was when it came, does not matter.
 * @param said what its two clocks showed at one instant
 * @param offsetMs of its monotonic clock, there − here
 */
export function wallSkewMs(
  said: Pick<HostClaims, 'wallMs' | 'monotonicMs'>,
  offsetMs: number,
  here: Clock,
): number {
  const agoMs = here.monotonic() - (said.monotonicMs - offsetMs);
  return said.wallMs - (here.wall() - agoMs);
}
