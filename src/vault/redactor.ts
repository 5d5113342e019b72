import { encodingsOf, MIN_SECRET_CHARS } from './encodings.ts';
import { PatternAutomaton } from './patternAutomaton.ts';

/** What stands in the place of a secret. Shorter than any secret may be, so it never holds one itself. */
export const MASK = '***';

/** The fields of reports and events that hold what a service or an error said. */
const FREE_TEXTS = ['text', 'details', 'sentence', 'host'];

const NEWLINE = 0x0a;

/** Bytes [start, end) of a text that must not be shown. */
interface Range {
  start: number;
  end: number;
}

/** Finds the values of secrets, in all encodings of encodings.ts, and masks them. */
export class Redactor {
  readonly #names: readonly string[];
  readonly #automaton: PatternAutomaton | undefined;

  /** Name → value. */
  constructor(secrets: ReadonlyMap<string, string>) {
    this.#names = [...secrets.keys()];
    const patterns = [...secrets.values()].flatMap((value, owner) =>
      encodingsOf(value).map((text) => ({ text, owner })),
    );
    this.#automaton = patterns.length === 0 ? undefined : new PatternAutomaton(patterns);
  }

  /** The text without secrets: the very same string when it holds none. */
  text(text: string): string {
    if (this.find(text) === undefined) return text;
    const stream = this.stream();
    return Buffer.concat([stream.push(Buffer.from(text)), stream.end()]).toString();
  }

  /** The name of a secret that the text holds, or undefined. */
  find(text: string): string | undefined {
    const automaton = this.#automaton;
    if (automaton === undefined) return undefined;
    let state = 0;
    for (const byte of Buffer.from(text)) {
      state = automaton.next(state, byte);
      if (automaton.matched[state] !== 0) return this.#names[automaton.owner[state] ?? -1];
    }
    return undefined;
  }

  /** A report or an event with its free texts masked. All else in them are numbers, names and words of the protocol. */
  message<T extends object>(message: T): T {
    if (this.#automaton === undefined) return message;
    const texts = message as Readonly<Record<string, unknown>>;
    const masked = FREE_TEXTS.flatMap((field) => {
      const text = texts[field];
      return typeof text === 'string' ? [[field, this.text(text)] as const] : [];
    });
    return { ...message, ...Object.fromEntries(masked) };
  }

  /** For output that comes in pieces. */
  stream(): RedactionStream {
    return new RedactionStream(this.#automaton);
  }
}

/**
 * Masks secrets in output that arrives in pieces, wherever it is cut. Only bytes that may be the beginning of a secret
 * are held back, never more than one secret is long.
 */
export class RedactionStream {
  readonly #automaton: PatternAutomaton | undefined;
  #state = 0;
  /** Not let go yet; it ends where reading stopped. */
  #held: Buffer = Buffer.alloc(0);
  /** Places in `#held` to mask, in order, none touching another. */
  #ranges: Range[] = [];
  /** The last thing let go was a mask, and what follows at once belongs to it. */
  #isMaskOpen = false;

  constructor(automaton: PatternAutomaton | undefined) {
    this.#automaton = automaton;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** What may be shown now. */
  push(bytes: Buffer): Buffer {
    const automaton = this.#automaton;
    if (automaton === undefined) return bytes;
    const start = this.#held.length;
    this.#held = start === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    let state = this.#state;
    let position = start;
    for (const byte of bytes) {
      state = automaton.next(state, byte);
      position += 1;
      const length = automaton.matched[state] ?? 0;
      if (length > 0) this.#cover(position - length, position);
    }
    this.#state = state;
    return this.#letGo(this.#held.length - Math.min(position, automaton.depth[state] ?? 0));
  }

  /**
   * Lets everything go, as when nothing has followed for long: of a secret that has only begun, as much as could tell
   * something is masked, and so will be the rest of it if it still comes.
   */
  release(): Buffer {
    const open = Math.min(this.#held.length, this.#automaton?.depth[this.#state] ?? 0);
    const start = this.#held.length - open;
    // A line end tells nothing, and who reads lines waits for it.
    const end = this.#held.at(-1) === NEWLINE ? this.#held.length - 1 : this.#held.length;
    if (end - start >= MIN_SECRET_CHARS) this.#cover(start, end);
    return this.#letGo(this.#held.length);
  }

  /** The stream has ended. */
  end(): Buffer {
    const rest = this.release();
    this.#state = 0;
    this.#isMaskOpen = false;
    return rest;
  }

  #cover(from: number, end: number): void {
    let start = Math.max(0, from);
    for (let last = this.#ranges.at(-1); last !== undefined; last = this.#ranges.at(-1)) {
      if (last.end < start) break;
      start = Math.min(start, last.start);
      this.#ranges.pop();
    }
    this.#ranges.push({ start, end });
  }

  #letGo(limit: number): Buffer {
    const shown: Buffer[] = [];
    let position = 0;
    const rest: Range[] = [];
    for (const { start, end } of this.#ranges) {
      if (start < limit) {
        const continues = this.#isMaskOpen && start === 0;
        shown.push(this.#held.subarray(position, start));
        if (!continues) shown.push(Buffer.from(MASK));
        position = Math.min(end, limit);
      }
      if (end > limit) rest.push({ start: Math.max(0, start - limit), end: end - limit });
    }
    if (limit > 0) {
      shown.push(this.#held.subarray(position, limit));
      this.#isMaskOpen = position === limit && this.#ranges.length > 0;
    }
    this.#ranges = rest;
    this.#held = this.#held.subarray(limit);
    return Buffer.concat(shown);
  }
}
