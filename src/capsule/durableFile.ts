import { closeSync, fsync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const fsyncOnPool = promisify(fsync);

/**
 * Creates a file that must not exist yet, and resolves when its bytes are on the disk. Only the flush goes to libuv's
 * pool: handing over any of the other calls takes longer than the call.
 */
export async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const descriptor = openSync(file, 'wx', 0o644);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    await fsyncOnPool(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
