import { foldersWith, type ProductFiles } from '../files/productFiles.ts';
import { noStart } from '../programs/nodeProgram.ts';
import { packageIn } from '../programs/packageFile.ts';
import { programIn } from '../programs/programIn.ts';
import { scanSources } from '../programs/sourceScan.ts';
import { workspacesOf } from '../programs/workspaces.ts';
import type { Description, Gap, Sketch } from '../sketch.ts';
import { dotenvOf } from './dotenv.ts';

const MARKS = [
  ...['package.json', 'go.mod', 'pyproject.toml', 'requirements.txt', 'manage.py', 'Dockerfile'],
  ...['Containerfile', 'main.py', 'app.py', 'server.py'],
];
/** Where a product keeps what it does not run. */
const NOT_SERVICES =
  /(^|\/)(tests?|e2e|docs?|examples?|scripts|tools?|fixtures?|\.github|\.devcontainer|node_modules|migrations)(\/|$)/;

/** Where nothing describes the product as a whole: a service for every folder that can be started. @throws MeshSimError `source-invalid` */
export function describeFolders(files: ProductFiles): Description {
  const folders = [...new Set(MARKS.flatMap((mark) => foldersWith(files, mark)))].sort();
  const roots = new Set(workspacesOf(files).map(({ root }) => root));
  const sketches: Sketch[] = [];
  const gaps: Gap[] = [];
  for (const folder of folders) {
    if (NOT_SERVICES.test(folder)) continue;
    const program = programIn(files, folder);
    if (program === undefined) continue;
    // A service's own folders are parts of it, unless they are packages of their own.
    const isPart = sketches.some(
      ({ path }) => path !== undefined && path.value !== '.' && folder.startsWith(`${path.value}/`),
    );
    if (isPart && packageIn(files, folder) === undefined) continue;
    if (program.start === undefined || (roots.has(folder) && !hasOwnStart(files, folder))) {
      if (isApplication(files, folder) && !roots.has(folder)) gaps.push(noStart(folder));
      continue;
    }
    const facts = scanSources(files, folder);
    const { env, gaps: envGaps } = dotenvOf(files, folder, '.', facts.variables);
    const { portVariable, port, healthPath } = facts;
    const health =
      program.health ??
      (healthPath === undefined
        ? undefined
        : { value: { kind: 'http' as const, path: healthPath.value }, source: healthPath.source });
    gaps.push(...program.gaps, ...envGaps);
    const listens = program.ports.length > 0 ? program.ports : port === undefined ? [] : [port];
    sketches.push({
      name: folder === '.' ? files.name : (folder.split('/').at(-1) ?? folder),
      aliases: [],
      path: { value: program.path, source: folder === '.' ? `${files.name}/` : `${folder}/` },
      ...(program.root === undefined ? {} : { root: program.root }),
      ...(program.build === undefined ? {} : { build: program.build }),
      start: program.start,
      env: new Map([...program.env, ...env]),
      secrets: new Map(),
      ports:
        listens.length > 0 || portVariable === undefined
          ? listens
          : [{ value: 3_000, source: portVariable.source }],
      ...(portVariable === undefined ? {} : { portVariable }),
      ...(health === undefined ? {} : { health }),
      dependsOn: [],
    });
  }
  return { sketches, gaps, notes: [] };
}

/** The root of a workspace often has a "start" that starts its members. */
function hasOwnStart(files: ProductFiles, folder: string): boolean {
  const start = packageIn(files, folder)?.scripts.start;
  return (
    start !== undefined &&
    !/\b(turbo|nx|lerna|concurrently|npm-run-all|pnpm|workspace|workspaces|-w)\b/.test(start)
  );
}

/** A library has no start; something that is served in development is meant to be started. */
function isApplication(files: ProductFiles, folder: string): boolean {
  const { dev, serve } = packageIn(files, folder)?.scripts ?? {};
  return dev !== undefined || serve !== undefined;
}
