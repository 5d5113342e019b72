import path from 'node:path';

/** The files of a product, as far as a draft looks at them. Paths are relative to its folder, '/' between names. */
export interface ProductFiles {
  /** What the folder is called. */
  readonly name: string;
  /** All but those git ignores, sorted. */
  readonly paths: readonly string[];
  /** Whether git has it in the commit that is checked out, or would be told so by `git add`; undefined: there is no git. */
  isCommitted(file: string): boolean;
  has(file: string): boolean;
  /** Undefined: not there, not to be read, or too large for what it should be. Files that git ignores can be read. */
  text(file: string): string | undefined;
}

/** The same files, seen from a folder of the product: what lies elsewhere is not there. */
export function filesBelow(files: ProductFiles, folder: string): string[] {
  if (folder === '.') return [...files.paths];
  const prefix = `${folder}/`;
  return files.paths.filter((file) => file.startsWith(prefix));
}

/** @returns '.' for the product's folder itself; undefined when it leads out of it */
export function insideProduct(base: string, relative: string): string | undefined {
  const joined = path.posix.normalize(path.posix.join(base, relative.replaceAll('\\', '/')));
  if (path.posix.isAbsolute(relative) || joined === '..' || joined.startsWith('../')) {
    return undefined;
  }
  return joined === './' ? '.' : joined.replace(/\/$/, '');
}

export function fileIn(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

export function folderOf(file: string): string {
  return path.posix.dirname(file);
}

/** Folders that have a file of this name, the nearest to the top first. */
export function foldersWith(files: ProductFiles, name: string): string[] {
  return files.paths
    .filter((file) => path.posix.basename(file) === name)
    .map(folderOf)
    .sort((left, right) => depthOf(left) - depthOf(right) || (left < right ? -1 : 1));
}

function depthOf(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length;
}
