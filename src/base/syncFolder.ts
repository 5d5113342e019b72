import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const fsyncOnPool = promisify(fsync);

/**
 * Makes new names and renames inside a folder survive a power cut. Windows cannot open folders and journals names by
 * itself. Only the flush goes to libuv's pool: handing over the other calls takes longer than they do.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    await fsyncOnPool(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
