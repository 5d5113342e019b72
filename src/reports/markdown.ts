import { printable } from '../base/visibleText.ts';

/** Characters that begin something in GitHub's Markdown or in HTML. As entities they are text anywhere, also in tables. */
const SPECIAL = /[\\`*_{}[\]()#+!|<>~&@:$"-]/g;

/** Text of others for one line of Markdown: no formatting, link, mention or HTML comes of it. */
export function markdownText(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim()).replaceAll(
    SPECIAL,
    (one) => `&#${one.charCodeAt(0)};`,
  );
}

/** A table of cells that are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
