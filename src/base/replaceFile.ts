import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskFailure } from './diskFailure.ts';
import { MeshSimError, systemCode } from './errors.ts';
import { openRegular } from './regularFile.ts';

/**
 * Writes a whole file or nothing: a reader sees the old content or the new, also after a crash.
 * @param mode as for openRegular
 * @throws MeshSimError `disk-failed`
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await openRegular(temporary, 'wx', mode);
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

/**
 * Makes sure, by trying, that `replaceFile` will be able to write a file, and removes what is there: whoever reads it later
 * must not take an earlier one for the one that was to come.
 * @throws MeshSimError `usage` where something else than a file is there, `disk-failed`
 */
export async function makeWay(file: string): Promise<void> {
  const found = await lstat(file).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw diskFailure(`${file} could not be written`, error);
  });
  if (found?.isFile() === false) {
    const kind = found.isDirectory() ? 'a folder' : 'not a regular file';
    throw new MeshSimError('usage', `${file} cannot be written, it is ${kind}: name a file.`);
  }
  await replaceFile(file, '');
  await rm(file, { force: true });
}
