import { registrySchema } from '../../model/registry.ts';

/** A package.json of the workspace, as far as a registry needs it. */
export interface PackageFolder {
  /** Relative to the registry, '/' between names; '.' is the registry's own folder. */
  readonly folder: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const FIRST_PORT = 7301;
const MAX_SERVICES = 64;

/**
 * The text of a first registry: a service for every package that can be started, or one example to be filled in. Ports and
 * health paths are guesses a person has to check.
 */
export function draftRegistry(productFolder: string, packages: readonly PackageFolder[]): string {
  const startable = packages.filter(({ scripts }) => scripts.start !== undefined);
  const names = new Set<string>();
  const services = startable.slice(0, MAX_SERVICES).map((one, index) => {
    const name = unusedName(serviceName(one.folder, productFolder), names);
    return draftService(name, one, FIRST_PORT + index);
  });
  const example = { folder: '.', scripts: { start: 'node server.mjs' } };
  const registry = {
    name: productName(productFolder),
    services: services.length > 0 ? services : [draftService('service', example, FIRST_PORT)],
  };
  registrySchema.parse(registry);
  return `${JSON.stringify(registry, null, 2)}\n`;
}

function draftService(name: string, { folder, scripts }: PackageFolder, port: number) {
  return {
    name,
    path: folder,
    ...(scripts.build === undefined ? {} : { build: ['npm', 'run', 'build'] }),
    start: commandOf(scripts.start ?? ''),
    env: { PATH: '${host.path}', PORT: '${port:http}' },
    ports: { http: port },
    health: { http: { port: 'http', path: '/' } },
  };
}

/** `node file.mjs` runs without a shell; everything else is what the package's author wrote for one. */
function commandOf(script: string): string[] {
  return /^node( [\w./-]+)+$/.test(script) ? script.split(' ') : ['npm', 'start'];
}

function serviceName(folder: string, productFolder: string): string {
  const base = folder === '.' ? productFolder : (folder.split('/').at(-1) ?? '');
  const name = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name === '' ? 'service' : name.slice(0, 56);
}

function productName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return name === '' ? 'product' : name.slice(0, 64);
}

function unusedName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  taken.add(name);
  return name;
}
