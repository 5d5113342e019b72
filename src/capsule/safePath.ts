import { MeshSimError } from '../base/errors.ts';
import { hiddenCharacter } from '../base/visibleText.ts';

export interface PathLimits {
  readonly maxDepth: number;
  readonly maxPathBytes: number;
}

/** Above what real trees need, below what makes some file system fail half-way. */
export const DEFAULT_PATH_LIMITS: PathLimits = { maxDepth: 32, maxPathBytes: 1024 };

const MAX_NAME_BYTES = 255;
/** Device names on Windows, with any extension. */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** Separators, drive letters and streams, wild cards. */
const FORBIDDEN = /[\\:*?"<>|]/;
/**
 * A checkout must never be able to plant a repository, nor records of this product: their folders, also by their short
 * names on Windows. Other spellings that some file system takes for these (git's is_hfs_dotgit and is_ntfs_dotgit in
 * path.c) have hidden characters, a stream's colon, or dots and spaces at their end, which no name may have.
 */
const OWN_FOLDERS = [
  { pattern: /^(\.git|git~\d+)$/, owner: 'git' },
  { pattern: /^(\.meshsim|meshsi~\d+)$/, owner: 'this product' },
];

/** Why a name may not appear in an archive on any system, or undefined. */
function nameProblem(name: string): string | undefined {
  if (name === '') return 'has an empty part';
  if (name === '.' || name === '..') return `has a "${name}" part`;
  const hidden = hiddenCharacter(name);
  if (hidden !== undefined) return `has the character ${hidden}, which is not seen in names`;
  if (FORBIDDEN.test(name)) return 'has a character that some system does not allow in names';
  if (/[. ]$/.test(name)) return 'has a part that ends in a dot or a space';
  if (RESERVED.test(name)) return `has the part "${name}", which is a device on Windows`;
  const owned = OWN_FOLDERS.find(({ pattern }) => pattern.test(folded(name)));
  if (owned !== undefined) return `has the part "${name}", which belongs to ${owned.owner}`;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `has a part above ${MAX_NAME_BYTES} bytes`;
  return undefined;
}

/** Why a relative path may not be unpacked, or undefined. */
export function pathProblem(path: string, limits: PathLimits): string | undefined {
  if (path.startsWith('/')) return 'is absolute';
  const names = path.split('/');
  if (names.length > limits.maxDepth) return `is more than ${limits.maxDepth} folders deep`;
  if (Buffer.byteLength(path) > limits.maxPathBytes) {
    return `is longer than ${limits.maxPathBytes} bytes`;
  }
  return names.map(nameProblem).find((problem) => problem !== undefined);
}

/** Bytes of a symbolic link's target: out of the deepest folder, then along the longest path. */
export function longestLinkTarget({ maxDepth, maxPathBytes }: PathLimits): number {
  return '../'.length * maxDepth + maxPathBytes;
}

/**
 * Why a symbolic link may not be made, or undefined. '..' is allowed only at the front of the target: there it
 * climbs real folders (no entry lies below a link), so no chain of links can climb further than it seems to.
 */
export function linkProblem(path: string, target: string, limits: PathLimits): string | undefined {
  const names = target.replace(/\/$/, '').split('/');
  if (target.startsWith('/')) return 'points to an absolute path';
  const climbs = names.findIndex((name) => name !== '..');
  const up = climbs < 0 ? names.length : climbs;
  if (up > path.split('/').length - 1) return 'points out of the tree';
  const down = names.slice(up);
  if (down.length === 1 && down[0] === '.') return undefined;
  const problem = down.length === 0 ? undefined : pathProblem(down.join('/'), limits);
  return problem === undefined ? undefined : `points to "${shortened(target)}", which ${problem}`;
}

/** Characters that some file systems leave out when they compare names: what an emoji may have beside its picture. */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;

/** Equal for all names that any common file system may take for the same: case and Unicode composition fold. */
export function folded(name: string): string {
  return name.normalize('NFC').replace(IGNORED, '').toUpperCase().toLowerCase().normalize('NFC');
}

/** Watches the paths of one archive for names that would land on each other, or below a file or link. */
export class CollisionGuard {
  readonly #spelling = new Map<string, string>();
  readonly #leaves = new Set<string>();

  /** Why `path` cannot stand beside the paths admitted before, or undefined: it is admitted now. */
  admit(path: string): string | undefined {
    const names = path.split('/');
    for (let depth = 1; depth <= names.length; depth += 1) {
      const part = names.slice(0, depth).join('/');
      const key = folded(part);
      const other = this.#spelling.get(key) ?? part;
      if (other !== part) return `is the same as "${other}" on systems that ignore case or accents`;
      if (this.#leaves.has(part)) return `lies at or below "${part}", which is a file or link`;
      if (depth === names.length && this.#spelling.has(key)) return 'is a folder already';
      this.#spelling.set(key, part);
    }
    this.#leaves.add(path);
    return undefined;
  }
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

export function unsafe(path: string, problem: string): MeshSimError {
  const shown = JSON.stringify(shortened(path));
  return new MeshSimError(
    'capsule-unsafe',
    `The entry ${shown} ${problem}: rename or remove it where it was packed.`,
  );
}
