/** Where a value stands in a JSON text: offsets in UTF-16 units, `end` excluded. */
export interface JsonRange {
  readonly start: number;
  readonly end: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/y;
const SPACE = /\s*/y;

/**
 * The range of the value at `path`, or undefined where the text has no such value.
 * Of a repeated key the last counts, as in JSON.parse.
 * @throws SyntaxError when the text is not JSON.
 */
export function jsonRange(text: string, path: readonly (string | number)[]): JsonRange | undefined {
  JSON.parse(text);
  const wanted = JSON.stringify(path);
  let found: JsonRange | undefined;
  let offset = 0;

  function next(): { token: string; start: number } {
    SPACE.lastIndex = offset;
    SPACE.exec(text);
    TOKEN.lastIndex = SPACE.lastIndex;
    const start = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[0] ?? '';
    offset = start + token.length;
    return { token, start };
  }

  function value(first: { token: string; start: number }, at: readonly (string | number)[]): void {
    if (first.token === '{') members('}', at);
    if (first.token === '[') members(']', at);
    if (JSON.stringify(at) === wanted) found = { start: first.start, end: offset };
  }

  function members(close: string, at: readonly (string | number)[]): void {
    for (let index = 0; ; index += 1) {
      let head = next();
      if (head.token === ',') head = next();
      if (head.token === close) return;
      if (close === ']') {
        value(head, [...at, index]);
        continue;
      }
      next();
      value(next(), [...at, JSON.parse(head.token) as string]);
    }
  }

  value(next(), []);
  return found;
}
