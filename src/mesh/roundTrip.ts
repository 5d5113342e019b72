/** Until a round trip has been measured, as RFC 6298 recommends. */
const FIRST_TIMEOUT_MS = 1000;
/** Above the acknowledgement's delay and a busy machine's hiccups; on a LAN a lower one would resend for nothing. */
const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 5000;
/** More doublings would keep a healed link waiting longer than a person does. */
const MAX_DOUBLINGS = 3;

/** Round-trip time of a link and the retransmission timeout that follows from it (RFC 6298), in ms. */
export class RoundTrip {
  smoothed = -1;
  variation = 0;
  /** Timeouts in a row without any acknowledgement between them. */
  timeouts = 0;

  sample(ms: number): void {
    if (this.smoothed < 0) {
      this.smoothed = ms;
      this.variation = ms / 2;
      return;
    }
    this.variation += (Math.abs(this.smoothed - ms) - this.variation) / 4;
    this.smoothed += (ms - this.smoothed) / 8;
  }

  /** Without the doubling that timeouts in a row cause. */
  baseTimeout(): number {
    if (this.smoothed < 0) return FIRST_TIMEOUT_MS;
    const timeout = this.smoothed + 4 * this.variation;
    return Math.min(Math.max(timeout, MIN_TIMEOUT_MS), MAX_TIMEOUT_MS);
  }

  timeout(): number {
    return this.baseTimeout() * 2 ** Math.min(this.timeouts, MAX_DOUBLINGS);
  }

  /** From this age on, a packet that later ones overtook is taken for lost: most of the jitter is over by then. */
  overtakenAge(): number {
    return this.smoothed < 0 ? FIRST_TIMEOUT_MS : this.smoothed + 2 * this.variation;
  }
}
