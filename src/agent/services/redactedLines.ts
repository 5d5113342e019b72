import type { RedactionStream } from '../../vault/redactionStream.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { BoundedLines } from './boundedLines.ts';

/** A line whose end may be within a secret waits this long for the rest of it. */
const HOLD_LIMIT_MS = 300;

/**
 * The lines of a service's output with its secrets masked. They are masked before lines are cut, so that neither a line
 * end inside a secret nor the cut of a long line lets a part of one through. A line that has no end yet waits for it,
 * however slowly it is written: it could not be shown anyway.
 */
export class RedactedLines {
  readonly #lines: BoundedLines;
  readonly #redaction: RedactionStream;
  #limit: NodeJS.Timeout | undefined;

  constructor(redactor: Redactor, emit: (text: string) => void) {
    this.#lines = new BoundedLines(emit);
    this.#redaction = redactor.stream();
  }

  push(bytes: Buffer): void {
    clearTimeout(this.#limit);
    this.#lines.push(this.#redaction.push(bytes));
    if (!this.#redaction.isHolding) return;
    this.#limit = setTimeout(() => this.#lines.push(this.#redaction.release()), HOLD_LIMIT_MS);
  }

  /** The stream has ended: an unfinished last line counts as a line. */
  end(): void {
    clearTimeout(this.#limit);
    this.#lines.push(this.#redaction.end());
    this.#lines.end();
  }
}
