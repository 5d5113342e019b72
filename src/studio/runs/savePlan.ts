import { rm } from 'node:fs/promises';
import path from 'node:path';
import { diskFailure } from '../../base/diskFailure.ts';
import { systemCode } from '../../base/errors.ts';
import { openRegular, readRegularText } from '../../base/regularFile.ts';
import type { Plan } from '../../model/plan.ts';

/** Saved plans, which the Test Explorer lists. */
const SUFFIX = '.meshplan.json';

/**
 * Saves a plan in a file of its own: no other is ever written over. Where the same plan is saved under this name already, that is
 * its file.
 * @param name of the file, without what all saved plans end in
 * @returns the file
 * @throws MeshSimError `disk-failed`
 */
export async function saveNewPlan(folder: string, name: string, plan: Plan): Promise<string> {
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  for (let count = 1; ; count++) {
    const numbered = count === 1 ? name : `${name}-${count}`;
    const file = path.join(folder, `${numbered}${SUFFIX}`);
    if (await isWritten(file, text)) return file;
    // What is there may be anything, and may be unreadable: then it is another's.
    if ((await readRegularText(file).catch(() => undefined)) === text) return file;
  }
}

/** False: something is there already. */
async function isWritten(file: string, text: string): Promise<boolean> {
  try {
    const handle = await openRegular(file, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      // It is ours, and half of a plan is none.
      await rm(file, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw diskFailure(`${file} could not be written`, error);
  }
}
