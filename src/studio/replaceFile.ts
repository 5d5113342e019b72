import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { openRegular } from '../base/regularFile.ts';

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
    await rm(temporary, { force: true });
    throw new MeshSimError(
      'disk-failed',
      `${file} could not be written (${messageOf(error)}): free some space or check its folder's permissions.`,
      { cause: error },
    );
  }
}
