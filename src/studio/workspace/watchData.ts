import { existsSync, unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { WorkspacePaths } from './workspacePaths.ts';

/** The checkpoint is replaced with every append, by whichever process. */
const CHECKPOINT = 'checkpoint';
/** Where the system has no watch left to give (inotify's limit), it is looked this often. */
const LOOK_MS = 2_000;

/** Calls `onAppend` whenever an entry was appended, by this process or another. Returns the function that ends it. */
export function watchLedger({ ledger, data, folder }: WorkspacePaths, onAppend: () => void) {
  return watchFolder([ledger, data, folder], CHECKPOINT, onAppend);
}

/** Calls `onChange` whenever what is kept of an exploration was written. Returns the function that ends it. */
export function watchExplorations(
  { explorations, data, folder }: WorkspacePaths,
  onChange: () => void,
) {
  return watchFolder([explorations, data, folder], undefined, onChange);
}

/**
 * Calls `onChange` whenever a file of a folder was replaced, also of one that is created later: while a folder on the way to
 * it is missing, the one above is watched.
 * @param chain the folder, and those above it up to one that is always there @param file undefined: any of the folder
 */
function watchFolder(
  chain: readonly string[],
  file: string | undefined,
  onChange: () => void,
): () => void {
  const [innermost = ''] = chain;
  const awaitedPlace = file === undefined ? innermost : path.join(innermost, file);
  let watcher: FSWatcher | undefined;
  let isClosed = false;

  const open = (): void => {
    watcher?.close();
    const folder = chain.find((candidate) => existsSync(candidate));
    if (isClosed || folder === undefined) return;
    const below = chain[chain.indexOf(folder) - 1];
    const awaited = below === undefined ? file : path.basename(below);
    watcher = watch(folder, (_, name) => {
      if (below === undefined && (file === undefined || name === file)) onChange();
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
    if (!isClosed) watchFile(awaitedPlace, { interval: LOOK_MS, persistent: false }, onChange);
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
    if (existsSync(awaitedPlace)) onChange();
  };
  openOrLook();
  return () => {
    isClosed = true;
    watcher?.close();
    unwatchFile(awaitedPlace, onChange);
  };
}
