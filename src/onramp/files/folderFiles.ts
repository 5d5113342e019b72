import { closeSync, existsSync, fstatSync, lstatSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { openRegularSync } from '../../base/regularFile.ts';
import { MeshSimError } from '../../base/errors.ts';
import { runGit } from '../../capsule/git.ts';
import type { ProductFiles } from './productFiles.ts';

/** No description of a product is larger; a larger source file tells no more. */
const MAX_TEXT_BYTES = 1024 * 1024;
/** Where git is not asked, a home folder that is taken for a product by mistake is not searched for minutes. */
const MAX_FILES = 50_000;

/** Never a product's own, in or out of git. */
const FOREIGN =
  /(^|\/)(node_modules|\.meshsim|\.git|\.venv|venv|__pycache__|vendor|bower_components)\//;

/** The files of a folder on this machine. Nothing is written. @throws MeshSimError `usage` for a folder that is not there */
export async function folderFiles(folder: string, signal?: AbortSignal): Promise<ProductFiles> {
  const root = path.resolve(folder);
  if (!existsSync(root) || !lstatSync(path.join(root, '.')).isDirectory()) {
    throw new MeshSimError('usage', `There is no folder ${root}: name the product's folder.`);
  }
  const listed = await listedByGit(root, signal);
  const known = listed ?? { all: walked(root), committed: new Set<string>() };
  const paths = known.all.filter((file) => !FOREIGN.test(file)).sort();
  const present = new Set(paths);
  return {
    name: path.basename(root),
    paths,
    isCommitted: (file) => known.committed.has(file),
    has: (file) => present.has(file),
    text: (file) => smallText(path.join(root, file)),
  };
}

interface Listing {
  readonly all: readonly string[];
  readonly committed: ReadonlySet<string>;
}

async function listedByGit(folder: string, signal?: AbortSignal): Promise<Listing | undefined> {
  const list = async (...flags: string[]): Promise<string[]> => {
    const args = ['ls-files', '-z', ...flags];
    const listing = await runGit({ folder, args, world: 'user', signal });
    return listing.toString('utf8').split('\0').filter(Boolean);
  };
  try {
    const committed = await list('--cached');
    const others = await list('--others', '--exclude-standard');
    const present = committed.filter((file) => existsSync(path.join(folder, file)));
    return { all: [...new Set([...present, ...others])], committed: new Set(committed) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MeshSimError && error.code === 'git-failed') return undefined;
    throw error;
  }
}

function walked(root: string): string[] {
  const found: string[] = [];
  const waiting = [''];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of readdirSync(path.join(root, at), { withFileTypes: true })) {
      const relative = at === '' ? entry.name : `${at}/${entry.name}`;
      if (FOREIGN.test(`${relative}/`)) continue;
      if (entry.isDirectory()) waiting.push(relative);
      else if (entry.isFile()) found.push(relative);
    }
    if (found.length > MAX_FILES) {
      throw new MeshSimError(
        'usage',
        `${root} holds more than ${MAX_FILES} files and is in no git repository: name the product's own folder.`,
      );
    }
  }
  return found;
}

function smallText(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openRegularSync(file);
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(descriptor);
    if (size > MAX_TEXT_BYTES) return undefined;
    const bytes = Buffer.alloc(size);
    return bytes
      .toString('utf8', 0, readSync(descriptor, bytes, 0, size, 0))
      .replace(/^\uFEFF/, '');
  } finally {
    closeSync(descriptor);
  }
}
