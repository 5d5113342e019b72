import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeTree } from '../../base/removeTree.ts';

/** Names that are given to what is being written, until it takes the place of the whole. */
const UNFINISHED = /\.[0-9a-f-]{12,36}\.tmp(\.damaged)?$/;

/** Nobody writes one thing for this long. */
const ABANDONED_MS = 24 * 60 * 60 * 1_000;

/** Removes what processes that were killed have left half written in these folders. Never fails: what stays is removed later. */
export async function removeUnfinished(folders: readonly string[], now: number): Promise<void> {
  await Promise.all(folders.map((folder) => removeIn(folder, now).catch(() => undefined)));
}

async function removeIn(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const place = path.join(folder, name);
    if (!UNFINISHED.test(name)) continue;
    if (now - (await lstat(place)).mtimeMs < ABANDONED_MS) continue;
    await removeTree(place);
  }
}
