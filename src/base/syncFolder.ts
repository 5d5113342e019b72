import { open } from 'node:fs/promises';

/** Makes new names and renames inside a folder survive a power cut. Windows cannot open folders and journals names by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
