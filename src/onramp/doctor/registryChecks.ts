import { isProgram, type Command, type Service, type SourceService } from '../../model/registry.ts';
import { liesIn, rootOf } from '../../model/serviceRoot.ts';
import { fileIn, filesBelow, type ProductFiles } from '../files/productFiles.ts';
import { dependenciesOf, packageIn } from '../programs/packageFile.ts';
import { withReadablePackages } from '../programs/readablePackages.ts';
import { scanSources } from '../programs/sourceScan.ts';
import { workspaceOf, workspacesOf } from '../programs/workspaces.ts';
import { fail, ok, warn, type Check } from './check.ts';
import { loopbackChecks } from './loopbackCheck.ts';
import { howToInstall, programsOf } from './programsOf.ts';

const HOST_PATH = '${host.path}';

/** What can be told of a registry's services before any of them runs. */
export function registryChecks(
  product: ProductFiles,
  { services }: { readonly services: readonly Service[] },
  hasProgram: (program: string) => boolean,
): Check[] {
  const { files, gaps } = withReadablePackages(product);
  const found = [
    ...gaps
      .filter(({ where }) => services.some((service) => isOwnPackage(service, where)))
      .map(({ where, what, remedy }) => warn(where, what, remedy)),
    ...missingPrograms(services, hasProgram),
    ...services.flatMap((one) => serviceChecks(files, one)),
  ];
  const names = services.map(({ name }) => name).join(', ');
  return found.length > 0 ? found : [ok('services', `${names}: nothing is missing`)];
}

/** Each missing program once, with all that need it. What services require of the machine is looked for apart. */
export function missingPrograms(
  services: readonly Service[],
  hasProgram: (program: string) => boolean,
): Check[] {
  const needed = new Map<string, string[]>();
  for (const service of services) {
    const { name, start, health, env } = service;
    // Of a search path of its own nobody knows what is there before a build has run.
    if (env.PATH !== undefined && env.PATH !== HOST_PATH) continue;
    const commands: (readonly [string, Command | undefined])[] = [
      ['build', isProgram(service) ? undefined : service.build],
      ['start', isProgram(service) && start[0] === service.program.requires ? undefined : start],
      ['health', 'command' in health ? health.command : undefined],
    ];
    for (const [field, command] of commands) {
      for (const program of command === undefined ? [] : programsOf(command)) {
        if (hasProgram(program)) continue;
        needed.set(program, [...(needed.get(program) ?? []), `${name}.${field}`]);
      }
    }
  }
  return [...needed].map(([program, places]) =>
    fail(
      program,
      `it is not on this machine, and ${[...new Set(places)].join(', ')} need it`,
      howToInstall(program),
    ),
  );
}

/** Of its folder, or of its root. */
function isOwnPackage(service: Service, file: string): boolean {
  if (isProgram(service) || service.repo !== '.') return false;
  return [service.path, rootOf(service)].some((folder) => fileIn(folder, 'package.json') === file);
}

/** Only of services whose code is here. */
function serviceChecks(files: ProductFiles, service: Service): Check[] {
  if (isProgram(service) || service.repo !== '.') return [];
  return [
    ...portChecks(files, service),
    ...loopbackChecks(files, service),
    ...healthChecks(files, service),
    ...installChecks(files, service),
    ...workspaceChecks(files, service),
  ];
}

function portChecks(files: ProductFiles, service: SourceService): Check[] {
  const { name, path, ports, env, start } = service;
  const { port, portVariable } = scanSources(files, path);
  const declared = Object.values(ports);
  const isTold = [...Object.values(env), ...[start].flat()].some((text) =>
    text.includes('${port:'),
  );
  if (port === undefined || declared.length === 0 || isTold || declared.includes(port.value))
    return [];
  const remedy =
    portVariable === undefined
      ? `declare ${port.value} in its "ports"`
      : `set ${portVariable.value} to "\${port:…}" in its "env"`;
  return [
    warn(
      name,
      `its code seems to listen on ${port.value} (${port.source}), and its "ports" say ${declared.join(', ')}`,
      remedy,
    ),
  ];
}

function healthChecks(files: ProductFiles, { name, path, health }: SourceService): Check[] {
  if (!('http' in health) || health.http.path === '/') return [];
  const wanted = health.http.path.replace(/[?#].*$/, '');
  const last = wanted.split('/').filter(Boolean).at(-1) ?? '';
  const own = filesBelow(files, path).filter((file) =>
    /\.(?:[cm]?[jt]sx?|py|go|rb|java|kt|rs|php|ya?ml|json)$/.test(file),
  );
  if (own.length === 0 || own.some((file) => (files.text(file) ?? '').includes(last))) return [];
  return [
    warn(
      name,
      `nothing in ${path} says "${last}", and its health is asked at ${wanted}`,
      'correct the path, or commit the code that answers there',
    ),
  ];
}

function installChecks(files: ProductFiles, { name, path, build }: SourceService): Check[] {
  const own = packageIn(files, path);
  if (own === undefined || build !== undefined || Object.keys(own.dependencies).length === 0)
    return [];
  const file = fileIn(path, 'package.json');
  return [
    warn(
      name,
      `${file} has dependencies, and no build installs them`,
      'give it a "build" such as ["npm", "ci"]',
    ),
  ];
}

/** Its lock file, and the members it needs, are at the root of its workspace. */
function workspaceChecks(files: ProductFiles, service: SourceService): Check[] {
  const { name, path } = service;
  const own = packageIn(files, path);
  const workspace = workspaceOf(workspacesOf(files), path);
  if (own === undefined || workspace === undefined) return [];
  const { root, source } = workspace;
  if (Object.keys(dependenciesOf(own)).length === 0 || liesIn(root, rootOf(service))) return [];
  return [
    warn(
      name,
      `${path} is a member of a workspace (${source}), of which only "${rootOf(service)}" is packed`,
      `give it "root": "${root}"`,
    ),
  ];
}
