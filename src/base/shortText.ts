import { stripVTControlCharacters } from 'node:util';
import { printable } from './visibleText.ts';

const CUT = '…';

/** No longer than `most` UTF-16 code units, and not cut within a character. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - CUT.length);
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}${CUT}`;
}

/** Words of a program, fit to become part of a signed sentence: without colours, all to be seen, at most `most` long. */
export function legible(text: string, most: number): string {
  return shortened(printable(stripVTControlCharacters(text)), most);
}
