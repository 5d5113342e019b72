import { messageOf } from '../base/errors.ts';

export interface JsonPosition {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** Where and why JSON.parse gave up on a text. */
export function jsonPosition(text: string, error: unknown): JsonPosition {
  const message = messageOf(error);
  const lines = text.slice(0, offsetOf(text, message)).split('\n');
  return {
    line: lines.length,
    column: (lines.at(-1) ?? '').length + 1,
    problem:
      text.trim() === ''
        ? 'it is empty'
        : message.replace(/ at position .*$|, .* is not valid JSON$/s, ''),
  };
}

const UNEXPECTED = 'Unexpected token';

/** V8 names the position of most faults. For an unexpected token it does not: that is the last character of the shortest beginning that has it. */
function offsetOf(text: string, message: string): number {
  const named = / at position (\d+)/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  if (!message.startsWith(UNEXPECTED)) return text.length;
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (hasUnexpectedToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return messageOf(error).startsWith(UNEXPECTED);
  }
}
