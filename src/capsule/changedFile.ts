import { machineFault } from '../base/machineFault.ts';
import { treeDigestOnDisk } from './treeDigest.ts';

/**
 * The first of `paths` that is not in `folder` what it is in `signed`: other content, another mode or target, or gone.
 * Undefined: all are the same. Halves the paths that differ, so it reads little more than twice what they hold.
 * @throws the error when the machine is at fault: it says nothing about the files
 */
export async function changedFile(
  folder: string,
  signed: string,
  paths: readonly string[],
): Promise<string | undefined> {
  if (paths.length === 0 || (await areSame(folder, signed, paths))) return undefined;
  if (paths.length === 1) return paths[0];
  const middle = Math.floor(paths.length / 2);
  return (
    (await changedFile(folder, signed, paths.slice(0, middle))) ??
    (await changedFile(folder, signed, paths.slice(middle)))
  );
}

async function areSame(folder: string, signed: string, paths: readonly string[]): Promise<boolean> {
  const [found, wanted] = [await digestOrNone(folder, paths), await digestOrNone(signed, paths)];
  return found === wanted;
}

/** Empty when something that is no file, folder or link lies there, or the folder is gone. */
export function digestOrNone(folder: string, paths: readonly string[]): Promise<string> {
  return treeDigestOnDisk(folder, paths).catch((error: unknown) => {
    if (machineFault(error) !== undefined) throw error;
    return '';
  });
}
