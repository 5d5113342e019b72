import { existsSync, unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { WorkspacePaths } from '../workspace/workspacePaths.ts';

/** The checkpoint is replaced with every append, by whichever process. */
const CHECKPOINT = 'checkpoint';
/** Where the system has no watch left to give (inotify's limit), the file is looked at this often. */
const LOOK_MS = 2_000;

/**
 * Calls `onAppend` whenever an entry was appended, by this process or another, also to a ledger that is created later. While
 * a folder on the way to it is missing, the one above is watched. Returns the function that ends it.
 */
export function watchLedger(paths: WorkspacePaths, onAppend: () => void): () => void {
  const checkpoint = path.join(paths.ledger, CHECKPOINT);
  const chain = [paths.ledger, paths.data, paths.folder];
  let watcher: FSWatcher | undefined;
  let isClosed = false;

  const open = (): void => {
    watcher?.close();
    const folder = chain.find((candidate) => existsSync(candidate));
    if (isClosed || folder === undefined) return;
    const below = chain[chain.indexOf(folder) - 1];
    const awaited = below === undefined ? CHECKPOINT : path.basename(below);
    watcher = watch(folder, (_, name) => {
      if (below === undefined && name === CHECKPOINT) onAppend();
      // A folder that was removed reports its own name; one whose name the system does not tell may be any.
      const isGone = below === undefined && !existsSync(folder);
      if (isGone || (below !== undefined && (name === awaited || name === null))) advance();
    });
    watcher.on('error', look);
    // It may have appeared between the look and the watch.
    if (below !== undefined && existsSync(below)) advance();
  };
  const look = (): void => {
    watcher?.close();
    if (!isClosed) watchFile(checkpoint, { interval: LOOK_MS, persistent: false }, onAppend);
  };
  const openOrLook = (): void => {
    try {
      open();
    } catch {
      look();
    }
  };
  const advance = (): void => {
    openOrLook();
    if (existsSync(checkpoint)) onAppend();
  };
  openOrLook();
  return () => {
    isClosed = true;
    watcher?.close();
    unwatchFile(checkpoint, onAppend);
  };
}
