/** A longer line is cut: a log event stays readable, and a stream without line ends cannot fill memory. */
export const MAX_LINE_BYTES = 4_096;
/** Beyond this rate lines are counted, not kept: a flood may cost one event per second, not the run. */
export const MAX_LINES_PER_SECOND = 200;

const WINDOW_MS = 1_000;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a service's output into lines, bounded in length and rate. What was left out is said in a line of its own.
 * Memory is bounded by one line, whatever the service writes.
 */
export class BoundedLines {
  readonly #emit: (text: string) => void;
  #partial = Buffer.alloc(0);
  #cutBytes = 0;
  #inWindow = 0;
  #leftOut = 0;
  #windowEnd: NodeJS.Timeout | undefined;

  constructor(emit: (text: string) => void) {
    this.#emit = emit;
  }

  push(bytes: Buffer): void {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#append(bytes.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    this.#append(bytes.subarray(start));
  }

  /** The stream has ended: an unfinished last line counts as a line. */
  end(): void {
    if (this.#partial.length > 0 || this.#cutBytes > 0) this.#endLine();
    this.#closeWindow();
  }

  #append(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const room = MAX_LINE_BYTES - this.#partial.length;
    // A line that will only be counted needs no memory.
    const kept = this.#inWindow >= MAX_LINES_PER_SECOND ? 0 : Math.min(room, bytes.length);
    if (kept > 0) this.#partial = Buffer.concat([this.#partial, bytes.subarray(0, kept)]);
    this.#cutBytes += bytes.length - kept;
  }

  #endLine(): void {
    const line = this.#partial;
    const cut = this.#cutBytes;
    this.#partial = Buffer.alloc(0);
    this.#cutBytes = 0;
    this.#windowEnd ??= setTimeout(() => this.#closeWindow(), WINDOW_MS);
    if (this.#inWindow >= MAX_LINES_PER_SECOND) {
      this.#leftOut += 1;
      return;
    }
    this.#inWindow += 1;
    const length = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    const note = cut > 0 ? ` … (${cut} more bytes in this line)` : '';
    this.#emit(line.toString('utf8', 0, length) + note);
  }

  #closeWindow(): void {
    clearTimeout(this.#windowEnd);
    this.#windowEnd = undefined;
    this.#inWindow = 0;
    if (this.#leftOut === 0) return;
    const count = this.#leftOut;
    this.#leftOut = 0;
    this.#emit(`… ${count} lines left out: more than ${MAX_LINES_PER_SECOND} in a second`);
  }
}
