import { fileIn, folderOf, foldersWith, type ProductFiles } from '../files/productFiles.ts';
import { MeshSimError } from '../../base/errors.ts';
import { isRecord } from '../sources/values.ts';
import { yamlDocuments } from '../sources/yamlText.ts';
import { dependenciesOf, jsonIn, packageIn, type PackageFile } from './packageFile.ts';

export interface Workspace {
  /** The folder whose package.json or pnpm-workspace.yaml names the members. */
  readonly root: string;
  /** Where the list of members stands. */
  readonly source: string;
  /** Folder → its package, in the order of folders. */
  readonly members: ReadonlyMap<string, PackageFile>;
}

/**
 * Every workspace of a product. Of those that contain each other the innermost owns a member.
 * @throws MeshSimError `source-invalid`
 */
export function workspacesOf(files: ProductFiles): Workspace[] {
  const roots = new Set([
    ...foldersWith(files, 'package.json'),
    ...foldersWith(files, 'pnpm-workspace.yaml'),
  ]);
  return [...roots].flatMap((root) => {
    const found = patternsAt(files, root);
    if (found === undefined) return [];
    const members = foldersWith(files, 'package.json').filter(
      (folder) => folder !== root && isMember(folder, root, found.patterns),
    );
    const packages = members.map((folder) => [folder, packageIn(files, folder)] as const);
    const known = packages.filter((pair): pair is [string, PackageFile] => pair[1] !== undefined);
    return known.length === 0 ? [] : [{ root, source: found.source, members: new Map(known) }];
  });
}

/** The workspace a folder is a member of. */
export function workspaceOf(
  workspaces: readonly Workspace[],
  folder: string,
): Workspace | undefined {
  return workspaces.filter(({ members }) => members.has(folder)).at(-1);
}

/** The members a member depends on, directly or not, those that are needed first at the front. */
export function neededMembers({ members }: Workspace, folder: string): string[] {
  const byName = new Map([...members].map(([where, { name }]) => [name ?? where, where]));
  const seen = new Set<string>();
  const visit = (where: string): void => {
    if (seen.has(where)) return;
    seen.add(where);
    const own = members.get(where);
    for (const name of Object.keys(own === undefined ? {} : dependenciesOf(own))) {
      const next = byName.get(name);
      if (next !== undefined) visit(next);
    }
    order.push(where);
  };
  const order: string[] = [];
  visit(folder);
  return order.filter((where) => where !== folder);
}

function patternsAt(
  files: ProductFiles,
  root: string,
): { patterns: string[]; source: string } | undefined {
  const pnpm = fileIn(root, 'pnpm-workspace.yaml');
  if (files.has(pnpm)) {
    const [value] = yamlDocuments(files.text(pnpm) ?? '', pnpm);
    const packages = isRecord(value) ? value.packages : undefined;
    if (Array.isArray(packages))
      return { patterns: packages.map(String), source: `${pnpm}, packages` };
    if (packages !== undefined) throw noList(`${pnpm}, packages`);
  }
  const file = fileIn(root, 'package.json');
  const { workspaces } = packageIn(files, root) ?? {};
  const source = `${file}, workspaces`;
  if (workspaces === undefined) {
    // What is left out of the package's schema is not one that npm, pnpm or yarn would take.
    if (files.has(file) && jsonIn(files, file).workspaces !== undefined) throw noList(source);
    return undefined;
  }
  const patterns = Array.isArray(workspaces) ? workspaces : workspaces.packages;
  return { patterns, source };
}

function noList(place: string): MeshSimError {
  return new MeshSimError('source-invalid', `${place} is no list of folders: correct it.`);
}

function isMember(folder: string, root: string, patterns: readonly string[]): boolean {
  if (root !== '.' && !folder.startsWith(`${root}/`)) return false;
  const relative = root === '.' ? folder : folder.slice(root.length + 1);
  let isIn = false;
  for (const pattern of patterns) {
    const isNegated = pattern.startsWith('!');
    if (globbed(isNegated ? pattern.slice(1) : pattern).test(relative)) isIn = !isNegated;
  }
  return isIn;
}

/** Of folders: `*` is one name, `**` any number of them. */
function globbed(pattern: string): RegExp {
  const parts = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  const source = parts
    .map((part) =>
      part === '**'
        ? '(?:[^/]+/)*[^/]+'
        : part.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '[^/]*'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

/** The nearest folder at or above `folder` that has one of these files. */
export function nearestWith(
  files: ProductFiles,
  folder: string,
  names: readonly string[],
): string | undefined {
  for (let at = folder; ; at = folderOf(at)) {
    const found = names.find((name) => files.has(fileIn(at, name)));
    if (found !== undefined) return fileIn(at, found);
    if (at === '.') return undefined;
  }
}
