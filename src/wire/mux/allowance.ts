/** What a keeper may say at once without having been asked. */
const MOST = 10_000;
/** What it may say of its own accord, every second. */
const PER_SECOND = 200;
/** What counts as one more. */
const UNIT_BYTES = 1_024;

/** What answers are worth that have no bound of their own, such as the list of files that a host lacks. */
export const ASKED = 1_024;

export interface AllowanceOptions {
  /** ms of a monotonic clock. */
  readonly now: () => number;
  readonly most?: number;
  readonly perSecond?: number;
}

/**
 * Bounds what the other side of a pipe says on its control channel, in messages and KiB: what it is asked for, and a little more. What
 * comes faster than it is asked for is no answer, and would keep this side busy and fill its memory.
 */
export class Allowance {
  readonly #now: () => number;
  readonly #most: number;
  readonly #perMs: number;
  #left: number;
  #at: number;

  constructor({ now, most = MOST, perSecond = PER_SECOND }: AllowanceOptions) {
    this.#now = now;
    this.#most = most;
    this.#perMs = perSecond / 1_000;
    this.#left = most;
    this.#at = now();
  }

  /** Something was sent there that so many messages may come back for. */
  earn(messages: number): void {
    this.#left = Math.min(this.#most, this.#left + messages);
  }

  /** A message of so many bytes has come. False: it is one too many. */
  spend(bytes: number): boolean {
    const now = this.#now();
    this.earn((now - this.#at) * this.#perMs);
    this.#at = now;
    this.#left -= 1 + Math.floor(bytes / UNIT_BYTES);
    return this.#left >= 0;
  }
}
