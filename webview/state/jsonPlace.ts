const SPACE = /\s*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;

/**
 * Where a part of a JSON text begins, as "Line 3, column 14". Of a part that is not there: the object it is missing in.
 * @param text is JSON @param path keys and indices from the whole to the part
 */
export function placeOf(text: string, path: readonly string[]): string {
  let at = after(SPACE, text, 0);
  for (const part of path) at = memberAt(text, at, part) ?? at;
  const before = text.slice(0, at);
  return `Line ${before.split('\n').length}, column ${before.length - before.lastIndexOf('\n')}`;
}

/** Where the member `part` of the object or list at `start` begins; of a key that comes twice the last, as JSON.parse. */
function memberAt(text: string, start: number, part: string): number | undefined {
  let found: number | undefined;
  members(text, start, (name, at) => {
    if (name === part) found = at;
  });
  return found;
}

/** Calls `visit` for each member; returns where the value at `start` ends. */
function members(
  text: string,
  start: number,
  visit: (name: string, at: number) => void = () => undefined,
): number {
  const isObject = text[start] === '{';
  if (!isObject && text[start] !== '[') {
    return after(text[start] === '"' ? STRING : SCALAR, text, start);
  }
  let at = after(SPACE, text, start + 1);
  for (let index = 0; text[at] !== '}' && text[at] !== ']'; index += 1) {
    let name = String(index);
    if (isObject) {
      const end = after(STRING, text, at);
      name = JSON.parse(text.slice(at, end)) as string;
      const colon = after(SPACE, text, end);
      at = after(SPACE, text, colon + 1);
    }
    visit(name, at);
    at = after(SPACE, text, members(text, at));
    if (text[at] === ',') at = after(SPACE, text, at + 1);
  }
  return at + 1;
}

/** Where a match of the sticky pattern at `at` ends. @throws Error for what is no JSON */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) throw new Error(`There is no JSON at ${at}.`);
  return pattern.lastIndex;
}
