import type { Command } from '../../model/registry.ts';
import { fileIn, type ProductFiles } from '../files/productFiles.ts';
import type { Description, Said, Sketch } from '../sketch.ts';
import { nodeInstall, type NodeInstall, type NodeManager } from './nodeInstall.ts';
import { packageIn, type PackageFile } from './packageFile.ts';
import { asLine, inFolder, shellQuoted } from './program.ts';
import { commandOfLine } from './shellWords.ts';
import { neededMembers, workspacesOf, type Workspace } from './workspaces.ts';

/** The install and build of a workspace, run in its root, for the members that are started. */
export function workspaceBuild(
  files: ProductFiles,
  workspace: Workspace,
  started: readonly string[],
): { build: Said<Command>; install: NodeInstall } {
  const { root, members } = workspace;
  const hasBuild = (folder: string) => members.get(folder)?.scripts.build !== undefined;
  const needed = started.flatMap((one) => [...neededMembers(workspace, one), one]);
  const built = [...new Set(needed)].filter(hasBuild);
  const own = packageIn(files, root) ?? EMPTY;
  const install = nodeInstall(files, root, own, built.length > 0);
  const steps = buildSteps(files, workspace, install.manager, built, started.filter(hasBuild));
  const build = buildOf([install.command, ...steps], root, install, built.length > 0);
  return { build, install };
}

/** A workspace of pnpm may have no package.json. */
const EMPTY: PackageFile = {
  ...{ name: undefined, main: undefined, packageManager: undefined, workspaces: undefined },
  ...{ scripts: {}, dependencies: {}, devDependencies: {}, optionalDependencies: {} },
};

/** Services of one workspace get one build, which is for all of them: it is run once, and installs once. */
export function withSharedBuilds(files: ProductFiles, description: Description): Description {
  const workspaces = new Map(workspacesOf(files).map((one) => [one.root, one]));
  const sketches = description.sketches.map((sketch): Sketch => {
    const workspace = workspaces.get(sketch.root?.value ?? '');
    if (workspace === undefined) return sketch;
    const sharing = description.sketches.filter(({ root }) => root?.value === workspace.root);
    const started = sharing.flatMap(({ path }) => (path === undefined ? [] : [path.value]));
    return { ...sketch, build: workspaceBuild(files, workspace, started.sort()).build };
  });
  return { ...description, sketches };
}

function buildSteps(
  files: ProductFiles,
  { root, members }: Workspace,
  manager: NodeManager,
  built: readonly string[],
  started: readonly string[],
): string[] {
  if (built.length === 0) return [];
  // What these need, turbo and nx build by themselves; of libraries alone the last is what the others are for.
  const wanted = (started.length > 0 ? started : built.slice(-1)).map((folder) =>
    shellQuoted(members.get(folder)?.name ?? folder),
  );
  const run = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' }[manager];
  if (files.has(fileIn(root, 'turbo.json'))) {
    return [`${run} turbo run build ${wanted.map((name) => `--filter=${name}`).join(' ')}`];
  }
  if (files.has(fileIn(root, 'nx.json'))) {
    const [only = ''] = wanted;
    return [
      wanted.length === 1
        ? `${run} nx build ${only}`
        : `${run} nx run-many -t build -p ${wanted.join(' ')}`,
    ];
  }
  return built.map((folder) => {
    const below = root === '.' ? folder : folder.slice(root.length + 1);
    return `(${asLine(inFolder(below, `${manager} run build`))})`;
  });
}

export function buildOf(
  steps: readonly string[],
  folder: string,
  install: NodeInstall | undefined,
  isBuilt: boolean,
): Said<Command> {
  const script = isBuilt ? `${fileIn(folder, 'package.json')}, scripts.build` : undefined;
  const source = [install?.source, script].filter((one) => one !== undefined).join(' and ');
  const [only = ''] = steps;
  return { value: steps.length === 1 ? commandOfLine(only) : steps.join(' && '), source };
}
