import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskFailure } from '../../base/diskFailure.ts';
import { openRegular } from '../../base/regularFile.ts';

/**
 * Writes a whole file or nothing: a reader sees the old content or the new, also after a crash.
 * @throws MeshSimError `disk-failed`
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await openRegular(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // What keeps it from being written may keep it from being removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw diskFailure(`${file} could not be written`, error);
  }
}
