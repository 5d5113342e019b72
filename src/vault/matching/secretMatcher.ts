import { Block } from './block.ts';
import { ESCAPE_STARTS } from './escapes.ts';
import { AS_IT_IS, COMPACT, DECIMALS, HEX_DIGITS } from './foldings.ts';
import { type Pattern, PatternAutomaton } from './patternAutomaton.ts';
import { type Found, Trace } from './trace.ts';
import { MAX_OPEN_BYTES, Unescaper } from './unescaper.ts';

/**
 * The readings of a stream in which secrets are looked for: as it is; with escapes undone; that without white space and
 * quotes; only its hexadecimal digits; only its decimal numbers.
 */
const READINGS = ['plain', 'unescaped', 'compact', 'hex', 'decimal'] as const;
export type Reading = (typeof READINGS)[number];

export type SecretPatterns = Readonly<Record<Reading, readonly Pattern[]>>;
export type SecretAutomata = Readonly<Record<Reading, PatternAutomaton>>;

/** Bytes that are read at once. */
const BLOCK = 16_384;

/**
 * Bytes of an unfinished secret that could tell something. Where white space does not count, words of two lines make one,
 * so only more of them are no chance.
 */
const TELLING: Readonly<Record<Reading, number>> = {
  plain: 6,
  unescaped: 6,
  compact: 12,
  hex: 12,
  decimal: 12,
};

export function automataOf(patterns: SecretPatterns): SecretAutomata {
  return {
    plain: new PatternAutomaton(patterns.plain),
    unescaped: new PatternAutomaton(patterns.unescaped),
    compact: new PatternAutomaton(patterns.compact),
    hex: new PatternAutomaton(patterns.hex),
    decimal: new PatternAutomaton(patterns.decimal),
  };
}

/** Reads a stream of bytes in all readings at once, and tells each place of a secret, in no certain order. */
export class SecretMatcher {
  readonly #traces: Readonly<Record<Reading, Trace>>;
  readonly #plain = new Block(BLOCK);
  /** What the escapes before a block stood for may come with it. */
  readonly #unescaped = new Block(BLOCK + 2 * MAX_OPEN_BYTES);
  readonly #unescaper = new Unescaper(this.#unescaped);

  constructor(automata: SecretAutomata, found: Found) {
    this.#traces = {
      plain: new Trace(automata.plain, AS_IT_IS, found),
      unescaped: new Trace(automata.unescaped, AS_IT_IS, found),
      compact: new Trace(automata.compact, COMPACT, found),
      hex: new Trace(automata.hex, HEX_DIGITS, found),
      decimal: new Trace(automata.decimal, DECIMALS, found),
    };
  }

  /** `at`: where the first of these bytes is in the stream. */
  push(bytes: Uint8Array, at: number): void {
    for (let from = 0; from < bytes.length; from += BLOCK) {
      this.#read(bytes.subarray(from, from + BLOCK), at + from);
    }
  }

  /** Nothing follows. */
  end(): void {
    this.#unescaper.flush();
    this.#readUnescaped(this.#unescaped);
    this.#unescaped.length = 0;
  }

  /** Forgets what was read: another stream begins. */
  reset(): void {
    for (const reading of READINGS) this.#traces[reading].reset();
  }

  /** Where the first secret began that may still become complete; Infinity: none did. */
  get openStart(): number {
    return READINGS.reduce(
      (first, reading) => Math.min(first, this.#traces[reading].openStart),
      this.#unescaper.openStart,
    );
  }

  /** As openStart, of those of which enough was written to tell something. */
  get tellingStart(): number {
    return READINGS.filter((reading) => this.#traces[reading].depth >= TELLING[reading]).reduce(
      (first, reading) => Math.min(first, this.#traces[reading].openStart),
      Infinity,
    );
  }

  #read(bytes: Uint8Array, at: number): void {
    const plain = this.#plain;
    plain.become(bytes, at);
    this.#traces.plain.read(plain);
    const unescaper = this.#unescaper;
    if (unescaper.isIdle && !ESCAPE_STARTS.some((start) => bytes.includes(start))) {
      this.#readUnescaped(plain);
      return;
    }
    const unescaped = this.#unescaped;
    unescaper.read(bytes, at);
    this.#readUnescaped(unescaped);
    unescaped.length = 0;
  }

  #readUnescaped(block: Block): void {
    const { unescaped, compact, hex, decimal } = this.#traces;
    for (const trace of [unescaped, compact, hex, decimal]) trace.read(block);
  }
}
