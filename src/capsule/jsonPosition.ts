import { messageOf } from '../base/errors.ts';

export interface JsonPosition {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

/** Where JSON.parse gave up. V8 names the position for most faults; for the rest the text ends too early. */
export function jsonPosition(text: string, error: unknown): JsonPosition {
  const message = messageOf(error);
  const match = / at position (\d+)/.exec(message);
  const before = text.slice(0, match === null ? text.length : Number(match[1]));
  const lines = before.split('\n');
  return {
    line: lines.length,
    column: (lines.at(-1) ?? '').length + 1,
    expected:
      match === null && text.trim() === ''
        ? 'it is empty'
        : message.replace(/( in JSON)? at position .*$/s, ''),
  };
}
