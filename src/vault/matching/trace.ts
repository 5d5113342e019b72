import type { Block } from './block.ts';
import { BREAK, type Folding, isRepeatedSeparator } from './foldings.ts';
import { GRAM, type PatternAutomaton, SPREAD } from './patternAutomaton.ts';

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
  /** 0: what begins a pattern here, if anything does, is shorter than what the automaton's filter tells. */
  #state = 0;
  /** Bytes that were read, modulo 2^32. */
  #count = 0;
  /** The count at which the last BREAK was, or a later one that is far enough back. */
  #broken = 0;
  /** The last bytes that were read, the very last one lowest. */
  #gram = 0;
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
    const automaton = this.#automaton;
    if (this.#state !== 0) return automaton.depth[this.#state] ?? 0;
    const since = (this.#count - this.#broken) | 0;
    return automaton.depth[automaton.after(this.#gram, Math.min(since, GRAM - 1))] ?? 0;
  }

  /** Where that began; Infinity: nothing did. */
  get openStart(): number {
    const { depth } = this;
    return depth === 0 ? Infinity : this.#startOf(depth);
  }

  /**
   * One loop without calls for the bytes that begin nothing: it runs for each byte of each log. A pattern that is open
   * with GRAM bytes or more was open with exactly as many once, and its filter told so then; only there the automaton is
   * asked, until less is open.
   */
  read(block: Block, from = 0, to = block.length): void {
    const automaton = this.#automaton;
    if (automaton.longest === 0) return;
    const { matched, depth, filter, filterShift } = automaton;
    const { map, collapses } = this.#folding;
    const { bytes, starts, ends, base } = block;
    const ring = this.#starts;
    const mask = this.#mask;
    let state = this.#state;
    let last = this.#last;
    let count = this.#count;
    let gram = this.#gram;
    let broken = (count - this.#broken) | 0;
    broken = broken > GRAM ? (count - GRAM) | 0 : this.#broken;
    for (let i = from; i < to; i += 1) {
      const byte = map[bytes[i] ?? 0] ?? BREAK;
      if (byte < 0) {
        if (byte !== BREAK) continue;
        state = 0;
        last = BREAK;
        broken = count;
        continue;
      }
      if (collapses) {
        if (isRepeatedSeparator(byte, last)) continue;
        last = byte;
      }
      ring[count & mask] = base + (starts[i] ?? 0);
      count = (count + 1) | 0;
      gram = (gram << 8) | byte;
      if (state === 0) {
        const bit = Math.imul(gram, SPREAD) >>> filterShift;
        if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) continue;
        if (((count - broken) | 0) < GRAM) continue;
        state = automaton.after(gram, GRAM);
      } else {
        state = automaton.next(state, byte);
      }
      if ((depth[state] ?? 0) < GRAM) {
        state = 0;
        continue;
      }
      const size = matched[state] ?? 0;
      if (size === 0) continue;
      const start = ring[(count - size) & mask] ?? 0;
      this.#found(automaton.owner[state] ?? 0, start, base + (ends[i] ?? 0));
    }
    this.#state = state;
    this.#last = last;
    this.#count = count;
    this.#gram = gram;
    this.#broken = broken;
  }

  /**
   * As `read`, for a folding with bytes over which no pattern goes on: between two of them only what is as long as the
   * shortest pattern is read, and one look at each such length finds it (as Boyer and Moore skip, 1977). What reaches the
   * end of the block is read, for it may go on.
   */
  readRuns(block: Block): void {
    const { map } = this.#folding;
    const { bytes, length } = block;
    const { shortest } = this.#automaton;
    let from = 0;
    while (from < length) {
      let probe = from === 0 ? 0 : Math.min(from + shortest - 1, length - 1);
      while (probe >= from && map[bytes[probe] ?? 0] !== BREAK) probe -= 1;
      if (probe >= from) {
        this.reset();
        from = probe + 1;
        continue;
      }
      let end = from;
      while (end < length && map[bytes[end] ?? 0] !== BREAK) end += 1;
      this.read(block, from, end);
      from = end;
    }
  }

  reset(): void {
    this.#state = 0;
    this.#last = BREAK;
    this.#broken = this.#count;
  }

  #startOf(length: number): number {
    return this.#starts[(this.#count - length) & this.#mask] ?? 0;
  }
}
