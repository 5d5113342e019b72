/**
 * A JSON text as a value.
 * @throws Error with one sentence that names the line and column where it stops being JSON
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(sentenceOf(text), { cause });
  }
}

function sentenceOf(text: string): string {
  const good = text.slice(0, longestBeginning(text));
  const line = good.split('\n').length;
  const column = good.length - good.lastIndexOf('\n');
  const rest = text.slice(good.length);
  if (rest === '') return `The text ends too early, in line ${line}, column ${column}.`;
  return `Line ${line}, column ${column} is not JSON from ${JSON.stringify(rest.slice(0, 12))} on.`;
}

/** Length of the longest beginning of a text that JSON could begin with: engines do not always tell the place. */
function longestBeginning(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    return /end of JSON|Unterminated/.test(message) || Number(position) >= text.length;
  }
}
