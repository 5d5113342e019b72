import { GRAM, type PatternAutomaton, SPREAD } from './patternAutomaton.ts';
import type { Found } from './trace.ts';

/** As a Trace of the stream as it is: without a folding, and with no places to remember. */
export class PlainTrace {
  readonly #automaton: PatternAutomaton;
  readonly #found: Found;
  /** 0: what begins a pattern here, if anything does, is shorter than GRAM. */
  #state = 0;
  /** The last bytes that were read, the very last one lowest. */
  #gram = 0;
  /** Since it was reset, at most GRAM: more do not matter. */
  #count = 0;
  /** Where in the stream the next byte is. */
  #end = 0;

  constructor(automaton: PatternAutomaton, found: Found) {
    this.#automaton = automaton;
    this.#found = found;
  }

  get depth(): number {
    const automaton = this.#automaton;
    const count = Math.min(this.#count, GRAM - 1);
    const state = this.#state === 0 ? automaton.after(this.#gram, count) : this.#state;
    return automaton.depth[state] ?? 0;
  }

  get openStart(): number {
    const { depth } = this;
    return depth === 0 ? Infinity : this.#end - depth;
  }

  read(bytes: Uint8Array, at: number): void {
    const automaton = this.#automaton;
    const { matched, depth, filter, filterShift } = automaton;
    const { length } = bytes;
    const first = GRAM - 1 - this.#count;
    let state = this.#state;
    let gram = this.#gram;
    for (let i = 0; i < length; i += 1) {
      const byte = bytes[i] ?? 0;
      gram = (gram << 8) | byte;
      if (state === 0) {
        const bit = Math.imul(gram, SPREAD) >>> filterShift;
        if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0 || i < first) continue;
        state = automaton.after(gram, GRAM);
      } else {
        state = automaton.next(state, byte);
      }
      if ((depth[state] ?? 0) < GRAM) {
        state = 0;
        continue;
      }
      const size = matched[state] ?? 0;
      if (size > 0) this.#found(automaton.owner[state] ?? 0, at + i + 1 - size, at + i + 1);
    }
    this.#state = state;
    this.#gram = gram;
    this.#count = Math.min(GRAM, this.#count + length);
    this.#end = at + length;
  }

  reset(): void {
    this.#state = 0;
    this.#count = 0;
  }
}
