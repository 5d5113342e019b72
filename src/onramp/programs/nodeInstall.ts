import { fileIn, type ProductFiles } from '../files/productFiles.ts';
import type { Gap } from '../sketch.ts';
import { dependenciesOf, jsonIn, type PackageFile } from './packageFile.ts';

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
  const gaps = manager === 'npm' ? unfitLock(files, source, own) : [];
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

/** `npm ci` refuses a lock file that was not written for this package.json. */
function unfitLock(files: ProductFiles, lockFile: string, own: PackageFile): Gap[] {
  const { packages } = jsonIn(files, lockFile) as { packages?: Record<string, PackageFile> };
  const locked = packages?.[''];
  if (locked === undefined) return [];
  const inLock = {
    ...locked.optionalDependencies,
    ...locked.devDependencies,
    ...locked.dependencies,
  };
  const wanted = dependenciesOf(own);
  const unfit = Object.keys({ ...wanted, ...inLock }).filter(
    (name) => wanted[name] !== inLock[name],
  );
  if (unfit.length === 0) return [];
  return [
    {
      where: lockFile,
      what: `it does not fit package.json (${unfit.slice(0, 3).join(', ')}), so that "npm ci" will refuse it`,
      remedy: 'run "npm install" and commit both',
    },
  ];
}
