import { MeshSimError } from '../../base/errors.ts';
import type { Command } from '../../model/registry.ts';
import { folderOf, fileIn, type ProductFiles } from '../files/productFiles.ts';
import { healthOfCommand, milliseconds } from './healthOfCommand.ts';
import type { Gap, HealthSketch, HealthTimes, ListeningPort, Said, Variable } from '../sketch.ts';
import { stageOf, type Stage } from './dockerfileText.ts';
import { adaptedHealth, asLine, type Program } from './program.ts';
import { workspaceOf, workspacesOf } from './workspaces.ts';

export interface ImageBuild {
  readonly dockerfile: string;
  /** What the Dockerfile copies from. */
  readonly context: string;
  readonly target?: string | undefined;
  readonly args?: ReadonlyMap<string, string>;
  /** What whoever runs the image says in place of its ENTRYPOINT and CMD, and where. */
  readonly entrypoint?: Command;
  readonly command?: Command;
  readonly place?: string;
}

/** Set by nearly every image, for the image alone. */
const IMAGE_ONLY = new Set(['PATH', 'HOME', 'LANG', 'LC_ALL', 'DEBIAN_FRONTEND', 'HOSTNAME']);

/**
 * How an image runs, carried over to the folder it is made from: its command, environment, port and health check.
 * @param own how the folder's own files say it is built and started
 * @throws MeshSimError `source-invalid` for a stage that is not there
 */
export function imageProgram(
  files: ProductFiles,
  build: ImageBuild,
  own: Program | undefined,
): Program | undefined {
  const { dockerfile, context, target } = build;
  const text = files.text(dockerfile);
  if (text === undefined) return own;
  const stage = stageOf(text, target, build.args);
  if (stage === undefined) {
    throw new MeshSimError(
      'source-invalid',
      target === undefined
        ? `${dockerfile} has no FROM line: correct it, or describe the service in another way.`
        : `${dockerfile} has no stage "${target}": correct the target that names it.`,
    );
  }
  const start = startOf(files, stage, build, own);
  const health = healthOf(stage, dockerfile);
  return {
    path: own?.path ?? context,
    ...(own?.root === undefined ? {} : { root: own.root }),
    ...(own?.build === undefined ? {} : { build: own.build }),
    ...(start === undefined ? {} : { start }),
    env: new Map([...(own?.env ?? []), ...envOf(stage, dockerfile)]),
    ports: portsOf(stage, dockerfile, own),
    ...(health === undefined
      ? {}
      : { health: own === undefined ? health : adaptedHealth(health, own) }),
    gaps: [...(own?.gaps ?? []), ...installedGaps(stage, dockerfile)],
    adapt: (command) => relativeTo(files, stage, build, own, command) ?? command,
  };
}

function startOf(
  files: ProductFiles,
  stage: Stage,
  build: ImageBuild,
  own: Program | undefined,
): Said<Command> | undefined {
  const { dockerfile, place = '' } = build;
  const entrypoint =
    over(build.entrypoint, `${place}.entrypoint`) ?? at(stage.entrypoint, dockerfile);
  const image = build.entrypoint === undefined ? at(stage.command, dockerfile) : undefined;
  const command = over(build.command, `${place}.command`) ?? image;
  const whole = joined(entrypoint?.value, command?.value);
  if (whole === undefined) return own?.start;
  const value = relativeTo(files, stage, build, own, whole);
  if (value === undefined) return own?.start;
  const sources = [entrypoint, command].flatMap((one) => (one === undefined ? [] : [one.source]));
  return { value, source: sources.join(' and ') };
}

function over(command: Command | undefined, source: string): Said<Command> | undefined {
  return command === undefined ? undefined : { value: command, source };
}

function at(
  found: { command: Command; line: number } | undefined,
  dockerfile: string,
): Said<Command> | undefined {
  return found === undefined
    ? undefined
    : { value: found.command, source: `${dockerfile}:${found.line}` };
}

/** A shell's ENTRYPOINT takes no arguments. */
function joined(
  entrypoint: Command | undefined,
  command: Command | undefined,
): Command | undefined {
  if (entrypoint === undefined) return command;
  if (typeof entrypoint === 'string' || command === undefined) return entrypoint;
  return typeof command === 'string'
    ? `${asLine(entrypoint)} ${command}`
    : [...entrypoint, ...command];
}

/** Absolute paths of the image become relative to the folder. Undefined: its program is in the image alone. */
function relativeTo(
  files: ProductFiles,
  stage: Stage,
  { context }: ImageBuild,
  own: Program | undefined,
  command: Command,
): Command | undefined {
  const below = `${stage.workdir.replace(/\/$/, '')}/`;
  const relative = (word: string) =>
    below !== '/' && word.startsWith(below) ? `./${word.slice(below.length)}` : word;
  if (typeof command === 'string') {
    const line = below === '/' ? command : command.replaceAll(below, './');
    return own?.adapt(line) ?? line;
  }
  const words = command.map(relative);
  const adapted = own?.adapt(words) ?? words;
  if (typeof adapted === 'string') return adapted;
  const [program = ''] = adapted;
  if (!program.startsWith('/')) return adapted;
  // An entrypoint script that was copied to the image's root, perhaps.
  const script = program.split('/').at(-1) ?? '';
  if (files.has(fileIn(context, script))) return [`./${script}`, ...adapted.slice(1)];
  return undefined;
}

function envOf(stage: Stage, dockerfile: string): [string, Variable][] {
  return [...stage.env].flatMap(([name, { value, line }]) =>
    IMAGE_ONLY.has(name) ? [] : [[name, { value, source: `${dockerfile}:${line}` }]],
  );
}

function portsOf(stage: Stage, dockerfile: string, own: Program | undefined): ListeningPort[] {
  const exposed = stage.exposed.map(({ port, line }) => ({
    value: port,
    source: `${dockerfile}:${line}`,
  }));
  return exposed.length > 0 ? exposed : [...(own?.ports ?? [])];
}

function healthOf(stage: Stage, dockerfile: string): Said<HealthSketch & HealthTimes> | undefined {
  if (stage.health === undefined) return undefined;
  const { command, options, line } = stage.health;
  const times = {
    intervalMs: milliseconds(options.get('interval')),
    timeoutMs: milliseconds(options.get('timeout')),
    startMs: milliseconds(options.get('start-period')),
    retries: Number(options.get('retries') ?? 3),
  };
  return { value: healthOfCommand(command, times), source: `${dockerfile}:${line}` };
}

/** What an image installs, a machine has to have. */
function installedGaps(stage: Stage, dockerfile: string): Gap[] {
  return stage.runs.flatMap(({ text, line }) => {
    const [, packages] =
      /(?:apt-get|apt|apk|yum|dnf)\s+(?:-\S+\s+)*(?:install|add)\s+([^&|;]*)/.exec(text) ?? [];
    const names = (packages ?? '').split(/\s+/).filter((word) => /^[a-z0-9][\w.+-]*$/.test(word));
    if (names.length === 0) return [];
    const gap = {
      where: `${dockerfile}:${line}`,
      what: `the image installs ${names.join(', ')}`,
      remedy: 'see that this machine has what the service needs of it',
    };
    return [gap];
  });
}

/** The Dockerfile of a folder. */
export function dockerfileIn(files: ProductFiles, folder: string): string | undefined {
  return ['Dockerfile', 'Containerfile', 'dockerfile']
    .map((name) => fileIn(folder, name))
    .find((file) => files.has(file));
}

/**
 * Where the code of an image is whose context is above it: the Dockerfile's own folder, if only that has its program, or if it is a
 * member of the workspace there.
 */
export function codeFolderOf(files: ProductFiles, { dockerfile, context }: ImageBuild): string {
  const beside = folderOf(dockerfile);
  const marks = ['package.json', 'go.mod', 'pyproject.toml', 'requirements.txt'];
  const has = (folder: string) => marks.some((name) => files.has(fileIn(folder, name)));
  if (beside === context || !has(beside)) return context;
  const isMember = workspaceOf(workspacesOf(files), beside)?.root === context;
  return isMember || !has(context) ? beside : context;
}
