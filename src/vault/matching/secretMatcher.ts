import { Block } from './block.ts';
import { ESCAPE_STARTS } from './escapes.ts';
import { AS_IT_IS, COMPACT, DECIMALS, HEX_DIGITS } from './foldings.ts';
import { type Pattern, PatternAutomaton } from './patternAutomaton.ts';
import { PlainTrace } from './plainTrace.ts';
import { type Found, Trace } from './trace.ts';
import { MAX_OPEN_BYTES, Unescaper } from './unescaper.ts';

/**
 * The readings of a stream in which secrets are looked for: as it is; with escapes undone; that without white space and
 * quotes; only its hexadecimal digits; only its decimal numbers.
 */
export type Reading = 'plain' | 'unescaped' | 'compact' | 'hex' | 'decimal';

export type SecretPatterns = Readonly<Record<Reading, readonly Pattern[]>>;
export type SecretAutomata = Readonly<Record<Reading, PatternAutomaton>>;

/** Bytes that are read at once. */
const BLOCK = 16_384;
/** What is being read: of no meaning after that, so all matchers share it. */
const PLAIN = new Block(BLOCK);
/** What the escapes before a block stood for may come with it. */
const UNESCAPED = new Block(BLOCK + 2 * MAX_OPEN_BYTES);

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
  readonly #plain: PlainTrace;
  readonly #unescaped: Trace;
  readonly #compact: Trace;
  readonly #hex: Trace;
  readonly #decimal: Trace;
  readonly #traces: readonly (readonly [Reading, PlainTrace | Trace])[];
  readonly #unescaper = new Unescaper(UNESCAPED);

  constructor(automata: SecretAutomata, found: Found) {
    this.#plain = new PlainTrace(automata.plain, found);
    this.#unescaped = new Trace(automata.unescaped, AS_IT_IS, found);
    this.#compact = new Trace(automata.compact, COMPACT, found);
    this.#hex = new Trace(automata.hex, HEX_DIGITS, found);
    this.#decimal = new Trace(automata.decimal, DECIMALS, found);
    this.#traces = [
      ['plain', this.#plain],
      ['unescaped', this.#unescaped],
      ['compact', this.#compact],
      ['hex', this.#hex],
      ['decimal', this.#decimal],
    ];
  }

  /** `at`: where the first of these bytes is in the stream. */
  push(bytes: Uint8Array, at: number): void {
    for (let from = 0; from < bytes.length; from += BLOCK) {
      this.#read(bytes.subarray(from, from + BLOCK), at + from);
    }
  }

  /** Nothing follows. */
  end(): void {
    UNESCAPED.length = 0;
    this.#unescaper.flush();
    this.#readUnescaped(UNESCAPED);
  }

  /** Forgets what was read: another stream begins. */
  reset(): void {
    for (const [, trace] of this.#traces) trace.reset();
  }

  /** Where the first secret began that may still become complete; Infinity: none did. */
  get openStart(): number {
    return this.#traces.reduce(
      (first, [, trace]) => Math.min(first, trace.openStart),
      this.#unescaper.openStart,
    );
  }

  /** As openStart, of those of which enough was written to tell something. */
  get tellingStart(): number {
    return this.#traces
      .filter(([reading, trace]) => trace.depth >= TELLING[reading])
      .reduce((first, [, trace]) => Math.min(first, trace.openStart), Infinity);
  }

  #read(bytes: Uint8Array, at: number): void {
    this.#plain.read(bytes, at);
    if (this.#unescaper.isIdle && !ESCAPE_STARTS.some((start) => bytes.includes(start))) {
      PLAIN.become(bytes, at);
      this.#readUnescaped(PLAIN);
      return;
    }
    UNESCAPED.length = 0;
    this.#unescaper.read(bytes, at);
    this.#readUnescaped(UNESCAPED);
  }

  #readUnescaped(block: Block): void {
    this.#unescaped.read(block);
    this.#compact.read(block);
    this.#hex.readRuns(block);
    this.#decimal.readRuns(block);
  }
}
