import { stripVTControlCharacters } from 'node:util';

/**
 * What a reader does not see, or what steers a terminal or the order of the text: control characters (C0, C1), directions,
 * joiners, fillers, line and paragraph separators.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const EVERY_UNSEEN = new RegExp(UNSEEN, 'gu');

const CUT = '…';

/** Whether a text shows all that it holds. */
export function isLegible(text: string): boolean {
  return !UNSEEN.test(text);
}

/** The text with a mark (U+FFFD) in place of each character that would not be seen. */
export function marked(text: string): string {
  return text.replaceAll(EVERY_UNSEEN, '\uFFFD');
}

/** No longer than `most` UTF-16 code units, and not cut within a character. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - CUT.length);
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}${CUT}`;
}

/** Words of a program, fit to become part of a signed sentence: without colours, all to be seen, at most `most` long. */
export function legible(text: string, most: number): string {
  return shortened(marked(stripVTControlCharacters(text)), most);
}
