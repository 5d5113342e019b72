import { fileIn, type ProductFiles } from '../files/productFiles.ts';
import type { Gap } from '../sketch.ts';
import { dependenciesOf, jsonIn, packageIn, type PackageFile } from './packageFile.ts';

export type NodeManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

export interface NodeInstall {
  readonly manager: NodeManager;
  readonly command: string;
  /** The file it follows from. */
  readonly source: string;
  readonly gaps: readonly Gap[];
}

const LOCK_FILES: readonly (readonly [file: string, manager: NodeManager])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/**
 * How the dependencies of a package, or of a workspace's root, are installed without a change to a committed file.
 * @param isBuilt its build script runs after it, with what is for development too
 */
export function nodeInstall(
  files: ProductFiles,
  root: string,
  own: PackageFile,
  isBuilt: boolean,
): NodeInstall {
  const lock = LOCK_FILES.find(([name]) => files.has(fileIn(root, name)));
  const named = /^(npm|pnpm|yarn|bun)@/.exec(own.packageManager ?? '')?.[1] as
    NodeManager | undefined;
  const manager = lock?.[1] ?? named ?? 'npm';
  const packageFile = fileIn(root, 'package.json');
  if (lock === undefined) {
    const gap = {
      where: packageFile,
      what: 'it has dependencies and no lock file, so each build may install other versions',
      remedy: `run "${manager} install" and commit its lock file`,
    };
    const command =
      manager === 'npm'
        ? `npm install --no-audit --no-fund${isBuilt ? ' --include=dev' : ''}`
        : `${manager} install`;
    return { manager, command, source: packageFile, gaps: [gap] };
  }
  const source = fileIn(root, lock[0]);
  const unfit = manager === 'npm' ? unfitLock(files, root, source) : [];
  const gaps = [...unfit, ...otherManagers(files, root, source, manager, named)];
  return { manager, command: frozen(files, root, manager, isBuilt), source, gaps };
}

function frozen(files: ProductFiles, root: string, manager: NodeManager, isBuilt: boolean): string {
  switch (manager) {
    case 'npm':
      return `npm ci --no-audit --no-fund${isBuilt ? ' --include=dev' : ''}`;
    case 'pnpm':
      return 'pnpm install --frozen-lockfile';
    case 'yarn':
      return files.has(fileIn(root, '.yarnrc.yml'))
        ? 'yarn install --immutable'
        : 'yarn install --frozen-lockfile';
    case 'bun':
      return 'bun install --frozen-lockfile';
  }
}

/** Which of several is meant nobody says: builds with another than the product's own may come to something else. */
function otherManagers(
  files: ProductFiles,
  root: string,
  source: string,
  manager: NodeManager,
  named: NodeManager | undefined,
): Gap[] {
  const gaps: Gap[] = [];
  if (named !== undefined && named !== manager) {
    const what = `packageManager is ${named}, and the lock file ${source} is of ${manager}, which installs`;
    const remedy = `commit the lock file of ${named}, or correct packageManager`;
    gaps.push({ where: fileIn(root, 'package.json'), what, remedy });
  }
  const beside = LOCK_FILES.filter(
    ([name, other]) => other !== manager && files.has(fileIn(root, name)),
  ).map(([name]) => name);
  if (beside.length > 0) {
    const what = `${beside.join(', ')} beside it is not read: ${manager} installs`;
    gaps.push({ where: source, what, remedy: 'remove the lock file that is not used' });
  }
  return gaps;
}

/** `npm ci` refuses a lock file that was not written for these package.json files: that of the root, and those of its members. */
function unfitLock(files: ProductFiles, root: string, lockFile: string): Gap[] {
  const { packages } = jsonIn(files, lockFile) as { packages?: Record<string, PackageFile> };
  const own = Object.entries(packages ?? {}).filter(
    ([folder]) => !/(^|\/)node_modules(\/|$)/.test(folder),
  );
  return own.flatMap(([folder, locked]) => {
    const where = folder === '' ? root : fileIn(root, folder);
    const wanted = packageIn(files, where);
    if (wanted === undefined) return [];
    const unfit = unlike(dependenciesOf(wanted), {
      ...locked.optionalDependencies,
      ...locked.devDependencies,
      ...locked.dependencies,
    });
    if (unfit.length === 0) return [];
    const what = `it does not fit ${fileIn(where, 'package.json')} (${unfit.slice(0, 3).join(', ')}), so that "npm ci" will refuse it`;
    return [{ where: lockFile, what, remedy: 'run "npm install" and commit both' }];
  });
}

function unlike(
  wanted: Readonly<Record<string, string>>,
  inLock: Readonly<Record<string, string>>,
): string[] {
  return Object.keys({ ...wanted, ...inLock }).filter((name) => wanted[name] !== inLock[name]);
}
