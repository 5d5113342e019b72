import { existsSync, mkdirSync, statSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { readProcess } from '../../../agent/processes/procfs.ts';
import { cacheFolder, makePrivateFolder, usualCacheFolder } from '../../../base/cacheFolder.ts';
import { readRegularSync, writeAfreshSync } from '../../../base/regularFile.ts';
import { removeTree } from '../../../base/removeTree.ts';
import { endMarked } from '../../real/endMarked.ts';

/** Below the cache folder of the host's user. */
const HOSTED = 'hosted';
const OWNER = 'keeper.json';
/** What runs of the last weeks did not need is not kept for the next. */
const UNUSED_MS = 14 * 24 * 3_600_000;

/** A keeper that has made its folder says at once whose it is. */
const BEGINNING_MS = 60_000;

interface Owner {
  readonly pid: number;
  /** See ProcessEntry. */
  readonly startedAt: number;
  readonly host: string;
}

export interface HostFolders {
  /** Of all runs of this user on this host. */
  readonly runs: string;
  readonly files: string;
  readonly builds: string;
  readonly tools: string;
  /** What Node.js has compiled. */
  readonly code: string;
  /** Node.js, by digest, where it was sent here (ship/scripts); may not be there. */
  readonly nodes: string;
}

/** @throws MeshSimError `disk-failed` */
export async function hostFolders(environment: NodeJS.ProcessEnv): Promise<HostFolders> {
  const cache = cacheFolder(environment);
  const make = (name: string) => makePrivateFolder(cache, HOSTED, name);
  const [runs, files, builds, tools, code] = await Promise.all([
    make('runs'),
    make('files'),
    make('builds'),
    make('tools'),
    make('code'),
  ]);
  const nodes = path.join(usualCacheFolder(environment), HOSTED, 'node');
  return { runs, files, builds, tools, code, nodes };
}

/** The folder of one node of one run; says which process it belongs to. */
export function makeNodeFolder({ runs }: HostFolders, simId: string, nodeId: string): string {
  const folder = path.join(runs, simId, nodeId);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { pid } = process;
  const owner: Owner = { pid, startedAt: readProcess(pid)?.startedAt ?? 0, host: hostname() };
  writeAfreshSync(path.join(folder, OWNER), Buffer.from(JSON.stringify(owner)));
  return folder;
}

/** Removes the folder of a node, and that of the run with its last node. */
export async function removeNodeFolder(folder: string): Promise<void> {
  await removeTree(folder);
  // Other nodes of the run may live here.
  await rmdir(path.dirname(folder)).catch(() => undefined);
}

/**
 * Removes what runs have left here whose keepers are gone, and ends what of them still runs.
 * @param everything also what is kept for the next run: builds, tools, files, and Node.js that was sent here
 * @returns what was removed, by its path
 */
export async function sweepHost(folders: HostFolders, everything: boolean): Promise<string[]> {
  const removed: string[] = [];
  for (const simId of await readdir(folders.runs)) {
    for (const nodeId of await readdir(path.join(folders.runs, simId)).catch(() => [])) {
      const folder = path.join(folders.runs, simId, nodeId);
      if (isOwned(folder)) continue;
      const isLinux = process.platform === 'linux';
      if (isLinux && (await endMarked(simId, nodeId)) === 'run-lives') continue;
      await removeNodeFolder(folder);
      removed.push(folder);
    }
    await rmdir(path.join(folders.runs, simId)).catch(() => undefined);
  }
  if (everything && (await readdir(folders.runs)).length === 0) {
    for (const folder of [folders.files, folders.builds, folders.tools, folders.code]) {
      if ((await readdir(folder)).length > 0) removed.push(folder);
      await removeTree(folder);
      await mkdir(folder, { mode: 0o700 });
    }
    if (existsSync(folders.nodes)) {
      removed.push(folders.nodes);
      await removeTree(folders.nodes);
    }
  }
  return removed;
}

/** Node.js that was sent here: paths, and sizes in bytes. */
export async function shippedNodes({
  nodes,
}: HostFolders): Promise<{ readonly path: string; readonly bytes: number }[]> {
  const names = await readdir(nodes).catch(() => []);
  const files = names.map((name) => path.join(nodes, name, 'node'));
  return files.flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path: file, bytes: found.size }];
  });
}

/** Files and builds that no run has needed lately. */
export async function dropUnused({
  files,
  builds,
  nodes,
}: Pick<HostFolders, 'files' | 'builds' | 'nodes'>): Promise<void> {
  const oldest = Date.now() - UNUSED_MS;
  for (const folder of [files, builds, nodes]) {
    for (const name of await readdir(folder).catch(() => [])) {
      const entry = path.join(folder, name);
      const found = statSync(entry, { throwIfNoEntry: false });
      if (found !== undefined && found.mtimeMs < oldest) {
        await removeTree(entry);
      }
    }
  }
}

/** Somebody lives there, as far as can be told: another machine may have the same home folder, and a keeper may be about to say so. */
function isOwned(folder: string): boolean {
  try {
    const owner = JSON.parse(readRegularSync(path.join(folder, OWNER)).toString()) as Owner;
    if (owner.host !== hostname()) return true;
    if (process.platform === 'linux') return readProcess(owner.pid)?.startedAt === owner.startedAt;
    process.kill(owner.pid, 0);
    return true;
  } catch {
    const made = statSync(folder, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs < BEGINNING_MS;
  }
}
