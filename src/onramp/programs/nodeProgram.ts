import path from 'node:path';
import type { Command } from '../../model/registry.ts';
import { fileIn, type ProductFiles } from '../files/productFiles.ts';
import type { Gap, Said } from '../sketch.ts';
import { nodeInstall, type NodeManager } from './nodeInstall.ts';
import { dependenciesOf, packageIn, type PackageFile } from './packageFile.ts';
import { asLine, inFolder, type Program } from './program.ts';
import { buildOf, workspaceBuild } from './workspaceBuild.ts';
import { workspaceOf, type Workspace } from './workspaces.ts';

const MAIN_FILES = ['server', 'index', 'app', 'main'].flatMap((name) =>
  ['js', 'mjs', 'cjs'].map((suffix) => `${name}.${suffix}`),
);

/** A package, alone or in a workspace. Undefined: there is no package.json. @throws MeshSimError `source-invalid` */
export function nodeProgram(
  files: ProductFiles,
  folder: string,
  workspaces: readonly Workspace[],
): Program | undefined {
  const own = packageIn(files, folder);
  if (own === undefined) return undefined;
  const workspace = workspaceOf(workspaces, folder);
  const isBuilt = own.scripts.build !== undefined;
  const isAlone = Object.keys(dependenciesOf(own)).length === 0 && !isBuilt;
  if (workspace === undefined || isAlone)
    return single(files, folder, own, workspace === undefined);
  return member(files, folder, own, workspace);
}

/** @param isProduct it stands for itself: a member of a workspace may be a library */
function single(
  files: ProductFiles,
  folder: string,
  own: PackageFile,
  isProduct: boolean,
): Program {
  const isBuilt = own.scripts.build !== undefined;
  const hasDependencies = Object.keys(dependenciesOf(own)).length > 0;
  const install = hasDependencies ? nodeInstall(files, folder, own, isBuilt) : undefined;
  const manager = install?.manager ?? 'npm';
  const steps = [install?.command, isBuilt ? `${manager} run build` : undefined].filter(
    (step) => step !== undefined,
  );
  const start = startOf(files, folder, own, manager, isProduct);
  return {
    path: folder,
    ...(steps.length === 0 ? {} : { build: buildOf(steps, folder, install, isBuilt) }),
    ...(start === undefined ? {} : { start }),
    env: new Map(),
    ports: [],
    gaps: install?.gaps ?? [],
    adapt: (command) => command,
  };
}

/** Its dependencies are installed at the root, where the lock file is, and other members may be among them. */
function member(
  files: ProductFiles,
  folder: string,
  own: PackageFile,
  workspace: Workspace,
): Program {
  const { root } = workspace;
  const below = root === '.' ? folder : folder.slice(root.length + 1);
  const { build, install } = workspaceBuild(files, workspace, [folder]);
  const start = startOf(files, folder, own, install.manager, false);
  const toRoot = path.posix.relative(below, '.');
  return {
    path: folder,
    root: { value: root, source: workspace.source },
    build,
    ...(start === undefined ? {} : { start }),
    env: new Map(),
    ports: [],
    gaps: install.gaps,
    adapt: (command) => (mentions(command, below) ? inFolder(toRoot, command) : command),
  };
}

function startOf(
  files: ProductFiles,
  folder: string,
  own: PackageFile,
  manager: NodeManager,
  isProduct: boolean,
): Said<Command> | undefined {
  const { start, prestart, poststart } = own.scripts;
  const packageFile = fileIn(folder, 'package.json');
  if (start !== undefined) {
    const isPlain = prestart === undefined && poststart === undefined;
    const isNode = isPlain && /^node( [\w@%+=:,./-]+)+$/.test(start.trim());
    const value = isNode ? start.trim().split(' ') : [manager, 'start'];
    return { value, source: `${packageFile}, scripts.start` };
  }
  if (!isProduct) return undefined;
  if (own.main !== undefined && files.has(fileIn(folder, own.main.replace(/^\.\//, '')))) {
    return { value: ['node', own.main], source: `${packageFile}, main` };
  }
  const main = MAIN_FILES.find((name) => files.has(fileIn(folder, name)));
  return main === undefined ? undefined : { value: ['node', main], source: fileIn(folder, main) };
}

/** A command that already goes by the paths of the workspace's root. */
function mentions(command: Command, below: string): boolean {
  const line = asLine(command);
  return (
    line.includes(below) || /(^|\s)(-w|--workspace|--filter|workspace|turbo|nx)([\s=]|$)/.test(line)
  );
}

export function noStart(folder: string): Gap {
  return {
    where: fileIn(folder, 'package.json'),
    what: 'it says no way to start it',
    remedy: 'give it a "start" script, or write the service by hand (docs/registry.md)',
  };
}
