import { closeSync, fstatSync, fsync, read, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { openRegularSync } from '../base/regularFile.ts';

// Only what waits for the disk goes to libuv's pool: handing over any of the other calls takes longer than the call.
const fsyncOnPool = promisify(fsync);
const readOnPool = promisify(read);

/** Creates a file that must not exist yet, and resolves when its bytes are on the disk. */
export async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const descriptor = openRegularSync(file, 'wx', 0o644);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    await fsyncOnPool(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** All bytes of a file, or undefined when there are more than `limit`. */
export async function readUpTo(file: string, limit: number): Promise<Buffer | undefined> {
  const descriptor = openRegularSync(file);
  try {
    const { size } = fstatSync(descriptor);
    if (size > limit) return undefined;
    const bytes = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await readOnPool(descriptor, bytes, filled, size - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}
