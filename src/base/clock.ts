/** The two times a run needs: `wall` is what evidence states, `monotonic` is what durations are measured with. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  wall(): number;
  /** Milliseconds since an arbitrary origin; never goes back. On one machine, all processes share the origin. */
  monotonic(): number;
}

const NANOSECONDS_PER_MS = 1e6;

export const systemClock: Clock = {
  wall: () => Date.now(),
  // hrtime is CLOCK_MONOTONIC: unlike performance.now() its origin is the machine's, not the process's,
  // so a time stamped by one agent can be subtracted in another process.
  monotonic: () => Number(process.hrtime.bigint()) / NANOSECONDS_PER_MS,
};
