import type { ProductFiles } from '../files/productFiles.ts';
import { composeHealth } from './composeHealth.ts';
import { composeProject, type ComposeProject } from './composeProject.ts';
import { composeEnv } from './composeEnv.ts';
import { fieldGaps, harmlessFields, isFolderOfProduct, mountsOf } from './composeFields.ts';
import { assertProfiles } from './composeShapes.ts';
import { composePorts } from './composePorts.ts';
import { aliasesOf, commandsOf, composeCode } from './composeService.ts';
import { filledService } from './composeVariables.ts';
import { namedValues } from './mergeServices.ts';
import { adaptedHealth } from '../programs/program.ts';
import { scanSources } from '../programs/sourceScan.ts';
import { oddLineGaps } from '../sources/dotenv.ts';
import { backingOf, type Backing } from '../sources/backing.ts';
import { isRecord, recordOf, someOf, textOf, type Values } from '../sources/values.ts';
import { backingService, type BackingContainer } from '../sources/backingService.ts';
import type { Description, Gap, MachineFacts, Said, Sketch } from '../sketch.ts';

export interface ComposeOptions extends MachineFacts {
  readonly profiles: readonly string[];
}

/** @throws MeshSimError `source-invalid` */
export function describeCompose(
  files: ProductFiles,
  file: string,
  options: ComposeOptions,
): Description {
  const project = composeProject(files, file);
  assertProfiles(file, project.services, options.profiles);
  const sketches: Sketch[] = [];
  const gaps: Gap[] = project.others
    .filter((key) => key !== 'volumes' && key !== 'networks')
    .map((key) => ({
      where: `${file}, ${key}`,
      what: 'it is not carried over',
      remedy: 'see that the services run without it',
    }));
  if (project.envFile !== undefined) gaps.push(...oddLineGaps(project.envFile, project.oddLines));
  const harmless = new Set<string>();
  const waitedFor = completed(project);
  for (const [name, raw] of project.services) {
    const place = `${file}, services.${name}`;
    const leftOut = whyLeftOut(raw, options.profiles);
    if (leftOut !== undefined) {
      gaps.push({ where: place, ...leftOut });
      continue;
    }
    const filled = filledService(files, project, name, raw);
    gaps.push(...filled.gaps);
    const one = describeService(files, project, name, filled.values, filled.secretPlaces, options);
    for (const field of harmlessFields(filled.values)) harmless.add(field);
    gaps.push(...one.gaps);
    if (one.sketch === undefined) continue;
    const waiter = waitedFor.get(name);
    if (waiter === undefined) sketches.push(one.sketch);
    else if (one.sketch.program === undefined) sketches.push(endingOnce(one.sketch, waiter));
    else gaps.push({ where: place, ...OF_AN_IMAGE });
  }
  const notes =
    harmless.size === 0 ? [] : [`${file}: ${[...harmless].join(', ')} change nothing here`];
  return { sketches, gaps, notes };
}

function describeService(
  files: ProductFiles,
  project: ComposeProject,
  name: string,
  service: Values,
  secretPlaces: ReadonlySet<string>,
  machine: ComposeOptions,
): { sketch?: Sketch; gaps: Gap[] } {
  const { file, folder } = project;
  const place = `${file}, services.${name}`;
  const image = textOf(service.image);
  const backing = service.build === undefined && image !== undefined ? backingOf(image) : undefined;
  if (backing !== undefined && image !== undefined) {
    const { env } = composeEnv(files, project, name, service, secretPlaces);
    const environment = new Map([...env].map(([variable, { value }]) => [variable, value]));
    return describeBacking({ name, service, place, environment }, backing, machine);
  }
  const found = composeCode(files, folder, service, place);
  if ('why' in found) {
    return {
      gaps: [{ where: place, what: `${found.why}, so it is left out`, remedy: found.remedy }],
    };
  }
  const { program } = found;
  const { ports, gaps: portGaps } = composePorts(service, place);
  const { env, gaps: envGaps } = composeEnv(files, project, name, service, secretPlaces);
  const gaps = [
    ...program.gaps,
    ...portGaps,
    ...envGaps,
    ...fieldGaps(service, file, name, found.folder),
  ];
  if (program.start === undefined) {
    gaps.push({
      where: place,
      what: 'nothing says how it is started, so it is left out',
      remedy: 'add a "command" to it, or a CMD to its Dockerfile',
    });
    return { gaps };
  }
  const facts = scanSources(files, found.folder);
  const asked = composeHealth(service, place);
  const health = asked === undefined ? program.health : adaptedHealth(asked, program);
  // What an image exposes is the port it would have, were it not told another.
  const isTold = env.has(facts.portVariable?.value ?? 'PORT');
  const inImage =
    program.ports.length > 0 ? program.ports : [facts.port].filter((one) => one !== undefined);
  const listens = ports.length > 0 || isTold ? ports : inImage;
  const sketch: Sketch = {
    name,
    aliases: aliasesOf(service),
    path: { value: program.path, source: sourceOfPath(service, place) },
    ...(program.root === undefined ? {} : { root: program.root }),
    ...(program.build === undefined ? {} : { build: program.build }),
    start: program.start,
    env: new Map([...program.env, ...env]),
    secrets: new Map(),
    ports: listens,
    ...(facts.portVariable === undefined ? {} : { portVariable: facts.portVariable }),
    ...(health === undefined ? healthOfCode(facts.healthPath) : { health }),
    dependsOn: dependencies(service, place),
  };
  return { sketch, gaps };
}

function describeBacking(
  {
    name,
    service,
    place,
    environment,
  }: Pick<BackingContainer, 'name' | 'place' | 'environment'> & { readonly service: Values },
  backing: Backing,
  machine: MachineFacts,
): { sketch?: Sketch; gaps: Gap[] } {
  const { command } = commandsOf(service, place);
  const { sketch, gaps } = backingService(
    {
      ...{
        name,
        place,
        environment,
        aliases: aliasesOf(service),
        dependsOn: dependencies(service, place),
      },
      image: { value: textOf(service.image) ?? '', source: `${place}.image` },
      command: command === undefined ? undefined : { value: command, source: `${place}.command` },
    },
    backing,
    machine,
  );
  if (sketch === undefined) return { gaps };
  if (!mountsOf(service).some(isFolderOfProduct)) return { sketch, gaps };
  const mounted = {
    where: `${place}.volumes`,
    what: `it is made for the image, so it is not carried over to ${backing.program} of this machine`,
    remedy: 'write what of it is needed into "start"',
  };
  return { sketch, gaps: [...gaps, mounted] };
}

function healthOfCode(path: Said<string> | undefined): Pick<Sketch, 'health'> {
  return path === undefined
    ? {}
    : { health: { value: { kind: 'http', path: path.value }, source: path.source } };
}

function sourceOfPath(service: Values, place: string): string {
  if (service.build === undefined) return `${place}.volumes`;
  return isRecord(service.build) ? `${place}.build.context` : `${place}.build`;
}

function dependencies(service: Values, place: string): Said<string>[] {
  const names = [
    ...Object.keys(namedValues(service.depends_on)),
    ...someOf(service.links).map((link) => (textOf(link) ?? '').split(':')[0] ?? ''),
  ];
  return [...new Set(names)].map((value) => ({ value, source: `${place}.depends_on` }));
}

/** Services that others wait for to end, migrations and the like, with the place that says so. */
function completed({ file, services }: ComposeProject): Map<string, string> {
  const names = [...services].flatMap(([waiter, service]) =>
    Object.entries(recordOf(service.depends_on)).flatMap(([name, how]) =>
      textOf(recordOf(how).condition) === 'service_completed_successfully'
        ? [[name, `${file}, services.${waiter}.depends_on`] as const]
        : [],
    ),
  );
  return new Map(names);
}

const OF_AN_IMAGE = {
  what: 'it runs once and ends, with a program of its image, so it is left out',
  remedy: 'add it with "once": true and the program of this machine that does the same',
};

/** It listens nowhere, whatever its image exposes. */
function endingOnce(sketch: Sketch, source: string): Sketch {
  return { ...sketch, ports: [], once: { value: true, source } };
}

function whyLeftOut(
  service: Values,
  active: readonly string[],
): { what: string; remedy: string } | undefined {
  const profiles = someOf(service.profiles).map((one) => textOf(one) ?? '');
  if (
    profiles.length > 0 &&
    !profiles.some((one) => active.includes(one) || active.includes('*'))
  ) {
    return {
      what: `it belongs to the profile ${profiles.join(', ')}, so it is left out`,
      remedy: `add --profile ${profiles[0] ?? ''} to have it`,
    };
  }
  return undefined;
}
