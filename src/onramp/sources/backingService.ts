import { debianPackageOf } from '../../model/debianPackages.ts';
import type { Command } from '../../model/registry.ts';
import { shellWords } from '../programs/shellWords.ts';
import { escapedPlaceholders } from '../settle/commands.ts';
import type { Gap, MachineFacts, Said, Sketch } from '../sketch.ts';
import { imageVersion, type Backing, type Environment } from './backing.ts';

/** A container of a database, queue or cache. */
export interface BackingContainer {
  readonly name: string;
  readonly place: string;
  readonly image: Said<string>;
  /** What its source gives the program; left out: nothing. */
  readonly command?: Said<Command> | undefined;
  /** What its source gives it; left out: nothing. */
  readonly environment?: Environment | undefined;
  readonly dependsOn?: readonly Said<string>[];
  readonly aliases?: readonly string[];
  readonly knownAs?: ReadonlyMap<number, number>;
}

/** The machine's own program as a service, where it is here and one command starts it; else what to do about it. */
export function backingService(
  container: BackingContainer,
  backing: Backing,
  { hasProgram, hasNames, isRoot = false }: MachineFacts,
): { sketch?: Sketch; gaps: Gap[] } {
  const { own, port } = backing;
  const isHere = hasProgram(backing.program);
  const { image } = container;
  if (own === undefined || !isHere || (isRoot && own.refusesRoot === true)) {
    return { gaps: [backingGap(container, backing, isHere)] };
  }
  const { options, gaps } = optionsOf(container, backing);
  // Nothing of it asks for a password: outside a box, the machine's own network must not reach it.
  const listening = (word: string) => (hasNames ? word : word.replace('0.0.0.0', '127.0.0.1'));
  const { environment = new Map<string, string>() } = container;
  const start = own.start(environment);
  const more = options?.value ?? [];
  const ports = [port, ...(own.ports ?? [])].map((value) => ({ value, source: image.source }));
  const sketch: Sketch = {
    name: container.name,
    aliases: container.aliases ?? [],
    program: { value: requirementOf(image.value, backing), source: image.source },
    start: {
      value: typeof start === 'string' ? listening(start) : [...start.map(listening), ...more],
      source: options?.source ?? image.source,
    },
    env: new Map(),
    secrets: new Map(),
    ports,
    ...(container.knownAs === undefined ? {} : { knownAs: container.knownAs }),
    health: {
      value:
        own.health === undefined ? { kind: 'tcp', port } : { kind: 'command', command: own.health },
      source: image.source,
    },
    dependsOn: container.dependsOn ?? [],
  };
  return {
    sketch,
    gaps: [...standInGaps(container, backing), ...gaps, ...environmentGaps(container, backing)],
  };
}

function standInGaps({ place, image }: BackingContainer, { program, standsFor }: Backing): Gap[] {
  if (standsFor === undefined) return [];
  const what = `${program} of this machine runs in the place of ${image.value}`;
  const remedy = `see that the product needs nothing that ${standsFor} alone has`;
  return [{ where: place, what, remedy }];
}

/** The major version of the image, or a newer one: machines rarely have the very same. */
function requirementOf(image: string, { program, standsFor }: Backing) {
  // The versions of another program say nothing about this one.
  const [major] = standsFor === undefined ? (imageVersion(image) ?? '').split('.') : [];
  return major === undefined || major === ''
    ? { requires: program }
    : { requires: program, version: `>=${major}` };
}

/** What a product's own command says besides the program: options that name no file, for there is none of its container's. */
function optionsOf(
  { command, place }: BackingContainer,
  { program, own }: Backing,
): { options?: Said<readonly string[]>; gaps: Gap[] } {
  if (command === undefined) return { gaps: [] };
  const { value, source } = command;
  const words = typeof value === 'string' ? (shellWords(value) ?? [value]) : value;
  const rest = words[0] === program ? words.slice(1) : words;
  if (rest.length === 0) return { gaps: [] };
  const isCarried =
    own?.takesOptions === true && rest[0]?.startsWith('-') === true && !rest.some(isOfContainer);
  if (isCarried) {
    return {
      options: { value: rest.map(escapedPlaceholders), source },
      gaps: [],
    };
  }
  const what = `"${rest.join(' ')}" is not carried over`;
  return {
    gaps: [{ where: source, what, remedy: `write what of it is needed into "start" of ${place}` }],
  };
}

/** Variables are the image's: the program itself knows none of them. */
function environmentGaps(
  { place, environment = new Map<string, string>() }: BackingContainer,
  { program, own }: Backing,
): Gap[] {
  const known = new Map(Object.entries(own?.variables ?? {}));
  const unknown = [...environment]
    .filter(([name, value]) => known.get(name)?.test(value) !== true)
    .map(([name]) => name);
  if (unknown.length === 0) return [];
  const what = `${unknown.join(', ')} is for its image, so it is not carried over to ${program} of this machine`;
  const remedy = 'write what of it is needed into "start"';
  return [{ where: `${place}, environment`, what, remedy }];
}

function isOfContainer(word: string): boolean {
  return word.includes('/') || /\.(conf|cnf|ya?ml|json)$/.test(word) || /[$;&|]/.test(word);
}

function backingGap({ place, image }: BackingContainer, backing: Backing, isHere: boolean): Gap {
  const { program, port, own } = backing;
  const debian = debianPackageOf(program);
  const install = `install ${debian === undefined ? program : `${debian} (Debian's name)`}`;
  const start = `start it on this machine, at its usual port ${port}, before the rehearsal`;
  if (isHere && own?.refusesRoot === true) {
    return {
      where: place,
      what: `${program} does not run as root, so ${image.value} is not carried over`,
      remedy: `draft and rehearse as another user to have it as a service of its own, or ${start}`,
    };
  }
  return {
    where: place,
    what: `${image.value} is not carried over, so whoever needs it has to find one`,
    remedy: isHere
      ? start.replace('start it', `start ${program}`)
      : own === undefined
        ? `${install} and ${start}`
        : `${install} to have it as a service of its own, or ${start}`,
  };
}
