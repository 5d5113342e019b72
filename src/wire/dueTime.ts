/**
 * When something is due at its receiver, as it travels there: ticks of 0.1 ms since the run began, of which a frame carries 32 bits
 * and a packet 16.
 */
const TICK_MS = 0.1;

/**
 * Nothing leaves the emulator earlier than its real way takes before it is due, so what seems earlier than this came late: with the 16
 * bits of a packet up to 6 s, and a host that is silent for so long is lost.
 */
const EARLIEST_MS = 500;

/** A tick is one of 2^bits. @param ms since the run began */
export function dueTicks(ms: number, bits: 16 | 32): number {
  const ticks = Math.max(0, Math.round(ms / TICK_MS));
  return ticks % 2 ** bits;
}

/** ms from when it was due until `at`, ms since the run began; below 0: it came early. */
export function sinceDue(at: number, ticks: number, bits: 16 | 32): number {
  const span = 2 ** bits;
  const late = at / TICK_MS - ticks + EARLIEST_MS / TICK_MS;
  return (late - Math.floor(late / span) * span) * TICK_MS - EARLIEST_MS;
}
