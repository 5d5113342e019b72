import { interpolate } from './interpolate.ts';

export interface EnvFile {
  readonly values: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  /** Lines that are none of `NAME=value`, from 1. */
  readonly odd: readonly number[];
}

const ENTRY = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:=|:\s)\s*/;

/**
 * Reads a `.env` as compose and the dotenv tools do, generously: `export`, quotes over several lines, comments, `${NAME}` of
 * earlier lines, names given twice (the last counts). It is for reading what others wrote; the vault's own reader is strict.
 * @param outer looked up for names that no earlier line gives
 */
export function readEnvFile(
  text: string,
  outer: (name: string) => string | undefined = () => undefined,
): EnvFile {
  const values = new Map<string, { value: string; line: number }>();
  const odd: number[] = [];
  const lines = text.split(/\r?\n/);
  const lookup = (name: string) => values.get(name)?.value ?? outer(name);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const begin = at + 1;
    if (/^\s*(#|$)/.test(line)) continue;
    const entry = ENTRY.exec(line);
    if (entry?.[1] === undefined) {
      odd.push(begin);
      continue;
    }
    const rest = line.slice(entry[0].length);
    const [quote] = /^["']/.exec(rest) ?? [];
    if (quote === undefined) {
      const plain = rest.replace(/(^|\s+)#.*$/, '').trimEnd();
      values.set(entry[1], { value: interpolate(plain, lookup).text, line: begin });
      continue;
    }
    let quoted = rest.slice(1);
    while (closing(quoted, quote) === undefined && at + 1 < lines.length) {
      at += 1;
      quoted += `\n${lines[at] ?? ''}`;
    }
    const end = closing(quoted, quote);
    if (end === undefined) odd.push(begin);
    else
      values.set(entry[1], { value: unquoted(quoted.slice(0, end), quote, lookup), line: begin });
  }
  return { values, odd };
}

function closing(text: string, quote: string): number | undefined {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquoted(text: string, quote: string, lookup: (name: string) => string | undefined) {
  if (quote === "'") return text;
  const escaped = text
    .replace(/\\(\$)/g, '$$$$')
    .replace(/\\(.)/g, (_, one: string) => ESCAPES[one] ?? one);
  return interpolate(escaped, lookup).text;
}
