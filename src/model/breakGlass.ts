import { hiddenCharacter, visibleCharacters } from '../base/visibleText.ts';

/** Visible characters: long enough to say something to whoever reads the ledger later. */
export const MIN_BREAK_GLASS_REASON = 8;
const MAX_BREAK_GLASS_REASON = 500;

/** Why a text is no reason to override a gate, as the rest of a sentence about it; undefined: it is one. */
export function reasonProblem(text: string): string | undefined {
  if (text.length > MAX_BREAK_GLASS_REASON) {
    return `is longer than ${MAX_BREAK_GLASS_REASON} characters`;
  }
  const hidden = hiddenCharacter(text);
  if (hidden !== undefined) return `has the character ${hidden}, which nobody sees: write one line`;
  if (visibleCharacters(text) < MIN_BREAK_GLASS_REASON) {
    return `has fewer than ${MIN_BREAK_GLASS_REASON} characters that are seen`;
  }
  return undefined;
}
