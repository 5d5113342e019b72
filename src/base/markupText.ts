import { printableLines } from './visibleText.ts';

/** What XML 1.0 has no way to write, beyond the characters that `printableLines` replaces. */
const NONCHARACTERS = /[\uFFFE\uFFFF]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of others as content or attribute of XML and HTML: it ends no element, and hidden characters are seen as U+FFFD. */
export function markupText(text: string): string {
  return printableLines(text)
    .replaceAll(NONCHARACTERS, '\uFFFD')
    .replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}
