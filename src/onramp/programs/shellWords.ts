/**
 * A command line split into words as POSIX shells and compose do: quotes and backslashes, but no variables, globs or
 * operators. Undefined where a quote is not closed.
 */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quote === "'") {
      if (character === "'") quote = '';
      else word = `${word ?? ''}${character}`;
    } else if (character === '\\' && at + 1 < line.length) {
      at += 1;
      const next = line[at] ?? '';
      const isKept = quote === '"' && !'"\\$`\n'.includes(next);
      if (next !== '\n') word = `${word ?? ''}${isKept ? '\\' : ''}${next}`;
    } else if (quote === '"') {
      if (character === '"') quote = '';
      else word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${character}`;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

/** What only a shell understands: variables, operators, globs, redirections, assignments in front. */
const NEEDS_SHELL =
  /[$`|&;<>()*?{}~#[\]\n]|^\s*[A-Za-z_][A-Za-z0-9_]*=|^\s*(cd|export|source|\.|if|for|while|test|exec)\s/;

/** A shell's command line as a list where it needs no shell, so that it means the same on every system. */
export function commandOfLine(line: string): string | string[] {
  const words = NEEDS_SHELL.test(line) ? undefined : shellWords(line);
  return words === undefined || words.length === 0 ? line.trim() : words;
}
