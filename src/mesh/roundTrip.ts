/** Until a round trip has been measured, as RFC 6298 recommends. */
const FIRST_TIMEOUT_MS = 1000;
/** Above the acknowledgement's delay and a busy machine's hiccups; on a LAN a lower one would resend for nothing. */
const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 5000;
/** More doublings would keep a healed link waiting longer than a person does. */
const MAX_DOUBLINGS = 3;

/** Round-trip time of a link in ms (RFC 6298). */
export interface RoundTrip {
  /** -1: none has been measured. */
  smoothed: number;
  variation: number;
}

export function newRoundTrip(): RoundTrip {
  return { smoothed: -1, variation: 0 };
}

export function noteRoundTrip(of: RoundTrip, ms: number): void {
  const { smoothed, variation } = of;
  if (smoothed < 0) {
    of.smoothed = ms;
    of.variation = ms / 2;
    return;
  }
  of.variation = variation + (Math.abs(smoothed - ms) - variation) / 4;
  of.smoothed = smoothed + (ms - smoothed) / 8;
}

/** Without the doubling that timeouts in a row cause. */
export function baseTimeout(of: RoundTrip): number {
  const { smoothed } = of;
  if (smoothed < 0) return FIRST_TIMEOUT_MS;
  const timeout = smoothed + 4 * of.variation;
  return Math.min(Math.max(timeout, MIN_TIMEOUT_MS), MAX_TIMEOUT_MS);
}

/** A timeout after `timeouts` in a row without any acknowledgement between them. */
export function backedOff(timeout: number, timeouts: number): number {
  return timeout * 2 ** Math.min(timeouts, MAX_DOUBLINGS);
}

/** From this age on, a packet that later ones overtook is taken for lost: most of the jitter is over by then. */
export function overtakenAge(of: RoundTrip): number {
  const { smoothed } = of;
  return smoothed < 0 ? FIRST_TIMEOUT_MS : smoothed + 2 * of.variation;
}
