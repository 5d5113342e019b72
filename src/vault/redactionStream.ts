import { type SecretAutomata, SecretMatcher } from './matching/secretMatcher.ts';

/** What stands in the place of a secret. Shorter than any secret may be, so it never holds one itself. */
export const MASK = '***';

/** What may be one secret, however it is written, is held back up to this size, in bytes; then it is masked and let go. */
const MAX_HELD = 1024 * 1024;

const NEWLINE = 0x0a;

/** Bytes [start, end) of the stream that must not be shown. */
interface Range {
  start: number;
  end: number;
}

/**
 * Masks secrets in output that arrives in pieces, wherever it is cut and however slowly it comes. Only bytes that may be
 * the beginning of a secret are held back.
 */
export class RedactionStream {
  readonly #matcher: SecretMatcher | undefined;
  /** Not let go yet; it ends where reading stopped. */
  #held: Buffer = Buffer.alloc(0);
  /** Where it begins in the stream. */
  #base = 0;
  /** Places in `#held` to mask, in order, none touching another. */
  readonly #ranges: Range[] = [];
  /** The last thing let go was a mask, and what follows at once belongs to it. */
  #isMaskOpen = false;

  /** Without automata nothing is a secret. */
  constructor(automata: SecretAutomata | undefined) {
    if (automata === undefined) return;
    this.#matcher = new SecretMatcher(automata, (_, start, end) => this.#cover(start, end));
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** What may be shown now. */
  push(bytes: Buffer): Buffer {
    const matcher = this.#matcher;
    if (matcher === undefined) return bytes;
    const at = this.#end;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    matcher.push(bytes, at);
    // What is open may have begun before what was let go already.
    const shown = this.#letGo(Math.max(this.#base, Math.min(matcher.openStart, this.#end)));
    return this.#held.length <= MAX_HELD ? shown : Buffer.concat([shown, this.#letAllGo()]);
  }

  /**
   * Lets complete lines go, as when nothing has followed for long: of a secret that goes on over the line's end, as much
   * as could tell something is masked, and so is the rest of it when that comes. A line that is not complete stays, since
   * who reads lines would not see it yet.
   */
  release(): Buffer {
    const limit = this.#base + this.#held.lastIndexOf(NEWLINE) + 1;
    // The line's end itself tells nothing, and who reads lines waits for it.
    if (limit > this.#base) this.#coverOpen(limit - 1);
    return this.#letGo(limit);
  }

  /** The stream has ended: what could be the beginning of a secret is masked if it could tell something. */
  end(): Buffer {
    this.#matcher?.end();
    return this.#letAllGo();
  }

  get #end(): number {
    return this.#base + this.#held.length;
  }

  #letAllGo(): Buffer {
    this.#coverOpen(this.#held.at(-1) === NEWLINE ? this.#end - 1 : this.#end);
    return this.#letGo(this.#end);
  }

  #coverOpen(end: number): void {
    const start = this.#matcher?.tellingStart ?? Infinity;
    if (start < end) this.#cover(start, end);
  }

  #cover(from: number, to: number): void {
    let start = Math.max(this.#base, from);
    let end = to;
    if (end <= start) return;
    const ranges = this.#ranges;
    // Readings tell of places in different orders, but only among the last ones.
    let first = ranges.length;
    while (first > 0 && (ranges[first - 1]?.end ?? 0) >= start) first -= 1;
    let after = first;
    for (let one = ranges[after]; one !== undefined && one.start <= end; one = ranges[after]) {
      start = Math.min(start, one.start);
      end = Math.max(end, one.end);
      after += 1;
    }
    ranges.splice(first, after - first, { start, end });
  }

  /** All before that place of the stream. */
  #letGo(limit: number): Buffer {
    const shown: Buffer[] = [];
    let position = this.#base;
    let done = 0;
    for (const range of this.#ranges) {
      if (range.start >= limit) break;
      const continues = this.#isMaskOpen && range.start === this.#base;
      shown.push(this.#slice(position, range.start));
      if (!continues) shown.push(Buffer.from(MASK));
      position = Math.min(range.end, limit);
      if (range.end > limit) {
        range.start = limit;
        break;
      }
      done += 1;
    }
    if (limit > this.#base) {
      shown.push(this.#slice(position, limit));
      this.#isMaskOpen = position === limit && position > this.#base;
    }
    this.#ranges.splice(0, done);
    this.#held = this.#held.subarray(limit - this.#base);
    this.#base = limit;
    return Buffer.concat(shown);
  }

  #slice(start: number, end: number): Buffer {
    return this.#held.subarray(start - this.#base, end - this.#base);
  }
}
