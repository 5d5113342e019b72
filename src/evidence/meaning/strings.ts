import { hiddenCharacter } from '../../base/visibleText.ts';
import { MAX_TEXT_LENGTH } from '../legibleRun.ts';
import type { Rule } from './rule.ts';

/** Base64, which the schema holds to its alphabet and the file's size bounds. */
const ENCODED = ['payload', 'content', 'sig'];

function* stringsIn(value: unknown, path: string): Iterable<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (!ENCODED.includes(key)) yield* stringsIn(child, path === '' ? key : `${path}.${key}`);
  }
}

export const stringsAreLegible: Rule = function* ({ statement }) {
  for (const [path, text] of stringsIn(statement, '')) {
    if (text.length > MAX_TEXT_LENGTH) {
      yield `${path} has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are possible.`;
    }
    const hidden = hiddenCharacter(text);
    if (hidden !== undefined) yield `${path} has the hidden character ${hidden}.`;
  }
};
