/** Of one pattern: what its braces come to. */
const MOST_ALTERNATIVES = 64;

/** Why a pattern of `include` or `exclude` cannot be used, as a clause that says what to do; undefined: it can. */
export function globProblem(pattern: string): string | undefined {
  if (pattern.startsWith('!')) return 'begins with "!": name what is to be left out in "exclude"';
  if (pattern.includes('\\')) return 'has a backslash: use "/"';
  if (pattern.startsWith('/')) return 'is absolute: write it relative to the root';
  const parts = pattern.split('/');
  if (parts.includes('..')) return 'leaves the root: write it relative to the root, without ".."';
  if (parts.some((part) => part.includes('**') && part !== '**')) {
    return 'has "**" beside other characters: let it stand alone between slashes';
  }
  if (!/^([^{}]|\{[^{}]*\})*$/.test(pattern)) return 'has braces that do not pair: correct them';
  if (alternatives(pattern).length > MOST_ALTERNATIVES) {
    return `stands for more than ${MOST_ALTERNATIVES} patterns: write fewer braces`;
  }
  return undefined;
}

/**
 * Whether a path matches, by a pattern without `globProblem`: `*` is any part of a name, `**` any number of folders, `?` one
 * character, `{a,b}` either. All else stands for itself, brackets too. What names a folder stands for all below it.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const all = alternatives(pattern).map((one) => [...partsOf(one), '**']);
  return (path) => {
    const names = path.split('/');
    return all.some((parts) => fits(parts, names, (part) => part === '**', nameFits));
  };
}

function partsOf(pattern: string): string[] {
  return pattern.split('/').filter((part) => part !== '' && part !== '.');
}

function alternatives(pattern: string): string[] {
  const [whole, inside] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (whole === undefined || inside === undefined) return [pattern];
  const at = pattern.indexOf(whole);
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + whole.length)];
  const rest = alternatives(after);
  // Enough to be refused; all of them might be more than fit into memory.
  return inside
    .split(',')
    .flatMap((one) => rest.map((end) => before + one + end))
    .slice(0, MOST_ALTERNATIVES + 1);
}

function nameFits(pattern: string, name: string): boolean {
  const isSame = (wanted: string, found: string) => wanted === '?' || wanted === found;
  return fits(Array.from(pattern), Array.from(name), (character) => character === '*', isSame);
}

/**
 * Whether a sequence fits a pattern in which some parts stand for any number of things. It goes back to the last of those only,
 * so the time is at most the product of both lengths.
 */
function fits<T>(
  pattern: readonly T[],
  found: readonly T[],
  isAny: (part: T) => boolean,
  isSame: (part: T, one: T) => boolean,
): boolean {
  let at = 0;
  let last: { readonly part: number; upTo: number } | undefined;
  for (let index = 0; index < found.length;) {
    const part = pattern[at];
    const one = found[index];
    if (part !== undefined && isAny(part)) {
      last = { part: at, upTo: index };
      at += 1;
    } else if (part !== undefined && one !== undefined && isSame(part, one)) {
      at += 1;
      index += 1;
    } else if (last !== undefined) {
      at = last.part + 1;
      index = last.upTo += 1;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isAny);
}

interface Patterns {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Which paths below a root belong to it: all that `include` matches (left out: all), but for what `exclude` does. */
export function belongsTo({ include, exclude = [] }: Patterns): (path: string) => boolean {
  const wanted = include?.map(globMatcher);
  const unwanted = exclude.map(globMatcher);
  return (path) =>
    (wanted === undefined || wanted.some((matches) => matches(path))) &&
    !unwanted.some((matches) => matches(path));
}

/** Whether anything below a folder may belong to the root, by the patterns alone. */
export function mayHoldSome({ include, exclude = [] }: Patterns): (folder: string) => boolean {
  const wanted = include?.flatMap(alternatives).map(partsOf);
  const unwanted = exclude.map(globMatcher);
  return (folder) => {
    if (unwanted.some((matches) => matches(folder))) return false;
    const names = folder.split('/');
    return wanted === undefined || wanted.some((parts) => leadsInto(parts, names));
  };
}

function leadsInto(parts: readonly string[], names: readonly string[]): boolean {
  const some = parts.indexOf('**');
  const fixed = some < 0 ? parts : parts.slice(0, some);
  return names.every((name, at) => at >= fixed.length || nameFits(fixed[at] ?? '', name));
}
