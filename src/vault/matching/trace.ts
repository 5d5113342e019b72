import type { Block } from './block.ts';
import { BREAK, type Folding, isRepeatedSeparator } from './foldings.ts';
import type { PatternAutomaton } from './patternAutomaton.ts';

/** Tells that the secret of that owner is written at [start, end) of the stream. */
export type Found = (owner: number, start: number, end: number) => void;

/** An automaton on its way through one reading of a stream: it knows where in the stream each byte was written. */
export class Trace {
  readonly #automaton: PatternAutomaton;
  readonly #folding: Folding;
  readonly #found: Found;
  /** Places of the last bytes that may belong to a pattern, as many as one may have; a ring. */
  readonly #starts: Float64Array;
  readonly #mask: number;
  #state = 0;
  #count = 0;
  #last = BREAK;

  constructor(automaton: PatternAutomaton, folding: Folding, found: Found) {
    this.#automaton = automaton;
    this.#folding = folding;
    this.#found = found;
    const size = 2 ** Math.ceil(Math.log2(automaton.longest + 1));
    this.#starts = new Float64Array(size);
    this.#mask = size - 1;
  }

  /** How many bytes of what was read may still become a secret. */
  get depth(): number {
    return this.#automaton.depth[this.#state] ?? 0;
  }

  /** Where that began; Infinity: nothing did. */
  get openStart(): number {
    return this.depth === 0 ? Infinity : this.#startOf(this.depth);
  }

  /** One loop without calls for the bytes that begin nothing: it runs for each byte of each log. */
  read(block: Block): void {
    const automaton = this.#automaton;
    const { rowOf, rows, matched } = automaton;
    const { map, collapses } = this.#folding;
    const { bytes, starts, ends, length } = block;
    const ring = this.#starts;
    const mask = this.#mask;
    let state = this.#state;
    let last = this.#last;
    for (let i = 0; i < length; i += 1) {
      const byte = map[bytes[i] ?? 0] ?? BREAK;
      if (byte < 0) {
        if (byte !== BREAK) continue;
        state = 0;
        last = BREAK;
        continue;
      }
      if (collapses) {
        if (isRepeatedSeparator(byte, last)) continue;
        last = byte;
      }
      const row = rowOf[state] ?? -1;
      state = row < 0 ? automaton.next(state, byte) : (rows[row * 256 + byte] ?? 0);
      if (state === 0) continue;
      ring[this.#count & mask] = starts[i] ?? 0;
      this.#count = (this.#count + 1) | 0;
      const size = matched[state] ?? 0;
      if (size > 0) this.#found(automaton.owner[state] ?? 0, this.#startOf(size), ends[i] ?? 0);
    }
    this.#state = state;
    this.#last = last;
  }

  reset(): void {
    this.#state = 0;
    this.#last = BREAK;
  }

  #startOf(length: number): number {
    return this.#starts[(this.#count - length) & this.#mask] ?? 0;
  }
}
