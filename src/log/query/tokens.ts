import { refuse } from './refuse.ts';

/** What a query is made of, with the column (from 1) that a complaint names. */
export interface Token {
  readonly kind: 'word' | 'quoted' | '(' | ')' | '-';
  readonly text: string;
  readonly column: number;
  /** Of a quoted text: the key before it, as in name:"no drift"; '' without. */
  readonly key: string;
}

const PART =
  /\s*(?:(?<open>\()|(?<close>\))|(?:(?<key>[a-z-]+):)?"(?<quoted>[^"]*)"|(?<minus>-)(?=[("\w])|(?<word>[^\s()"]+))/uy;

/** @throws MeshSimError `usage` at a quotation mark that has no partner */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const part = new RegExp(PART);
  const end = text.trimEnd().length;
  while (part.lastIndex < end) {
    const begun = part.lastIndex;
    const found = part.exec(text);
    if (found?.groups === undefined) {
      return refuse(text.indexOf('"', begun) + 1, 'this quotation mark has no partner');
    }
    const { open, close, key = '', quoted, minus, word } = found.groups;
    const column = found.index + found[0].length - found[0].trimStart().length + 1;
    if (open !== undefined) tokens.push({ kind: '(', text: '(', column, key: '' });
    else if (close !== undefined) tokens.push({ kind: ')', text: ')', column, key: '' });
    else if (minus !== undefined) tokens.push({ kind: '-', text: '-', column, key: '' });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted, column, key });
    else tokens.push({ kind: 'word', text: word ?? '', column, key: '' });
  }
  return tokens;
}
