import { hiddenCharacter } from '../../base/visibleText.ts';
import { MAX_TEXT_LENGTH } from '../legibleRun.ts';
import type { Rule } from './rule.ts';

/** Base64, which the schema holds to its alphabet and the file's size bounds. */
const ENCODED = ['payload', 'content', 'sig'];

type Visitor = (text: string, keys: readonly string[]) => void;

function visitStrings(value: unknown, keys: string[], visit: Visitor): void {
  if (typeof value === 'string') visit(value, keys);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (ENCODED.includes(key)) continue;
    keys.push(key);
    visitStrings(child, keys, visit);
    keys.pop();
  }
}

export const stringsAreLegible: Rule = ({ statement }) => {
  const problems: string[] = [];
  visitStrings(statement, [], (text, keys) => {
    if (text.length > MAX_TEXT_LENGTH) {
      problems.push(
        `${keys.join('.')} has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are possible.`,
      );
    }
    const hidden = hiddenCharacter(text);
    if (hidden !== undefined)
      problems.push(`${keys.join('.')} has the hidden character ${hidden}.`);
  });
  return problems;
};
