import { randomBytes } from 'node:crypto';
import { renameSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { removeTree } from '../../base/removeTree.ts';

/**
 * Removes a folder that whoever wants to use it marks by its time first, and then looks whether it is there. So it is moved away in the
 * instant after it was seen to be unmarked, and back at once where somebody marked it in between: a use takes longer to begin.
 * @param usedAt the mark that was seen, ms since 1970
 * @returns whether it was removed here
 */
export async function removeUnused(folder: string, usedAt: number): Promise<boolean> {
  const away = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    if (statSync(folder).mtimeMs !== usedAt) return false;
    renameSync(folder, away);
    if (statSync(away).mtimeMs !== usedAt) {
      await rename(away, folder);
      return false;
    }
  } catch {
    // Somebody else has removed it.
    return false;
  }
  await removeTree(away);
  return true;
}
