import { chmod, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from './errors.ts';

/**
 * Removes a folder and all that is in it, if it is there; also from folders that their owner may not write to, as Go leaves those
 * of modules.
 */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if (systemCode(error) !== 'EACCES') throw error;
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** One by one and from the top: what cannot be read cannot be looked through. Links are not followed. */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(path.join(folder, entry.name));
  }
}
