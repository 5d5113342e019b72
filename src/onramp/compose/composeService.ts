import { MeshSimError } from '../../base/errors.ts';
import type { Command } from '../../model/registry.ts';
import { insideProduct, type ProductFiles } from '../files/productFiles.ts';
import { codeFolderOf, dockerfileIn, type ImageBuild } from '../programs/imageProgram.ts';
import type { Program } from '../programs/program.ts';
import { ownProgram, programIn } from '../programs/programIn.ts';
import { shellWords } from '../programs/shellWords.ts';
import { imageName } from '../sources/backing.ts';
import { isRecord, listOf, recordOf, textOf, type Values } from '../sources/values.ts';
import { isFolderOfProduct, mountsOf } from './composeFields.ts';
import { namedValues } from './mergeServices.ts';

/** Images that bring a language and nothing of the product: what runs is in a mounted folder. */
const LANGUAGES =
  /^(node|python|golang|ruby|openjdk|eclipse-temurin|php|rust|deno|bun|debian|ubuntu|alpine)$/;

export interface ComposeCode {
  /** The folder of the product that it runs. */
  readonly folder: string;
  readonly program: Program;
}

/** What a compose service runs, from its build or from a folder it mounts; or why that is nothing of this product. */
export function composeCode(
  files: ProductFiles,
  folder: string,
  service: Values,
  place: string,
): ComposeCode | { readonly why: string; readonly remedy: string } {
  const overrides = commandsOf(service, place);
  if (service.build !== undefined && service.build !== null) {
    return built(files, folder, service.build, { place, overrides });
  }
  const image = textOf(service.image) ?? '';
  const mount = mountsOf(service).find(isFolderOfProduct);
  if (mount !== undefined && LANGUAGES.test(imageName(image))) {
    const code = insideProduct(folder, mount.from) ?? '.';
    const own = ownProgram(files, code) ?? bare(code);
    const start = overrides.command ?? overrides.entrypoint;
    if (start === undefined) return nothing('it says no command', 'add a "command"');
    const value = own.adapt(within(start, `${mount.to.replace(/\/$/, '')}/`));
    return { folder: code, program: { ...own, start: { value, source: `${place}.command` } } };
  }
  return nothing(
    image === ''
      ? 'it has neither a build nor an image'
      : `its image ${image} is run by a container host alone`,
    'write a service that does the same by hand, or leave it out (docs/registry.md)',
  );
}

function built(
  files: ProductFiles,
  folder: string,
  given: unknown,
  { place, overrides }: { place: string; overrides: Overrides },
): ComposeCode | { readonly why: string; readonly remedy: string } {
  const build = isRecord(given) ? given : { context: given };
  const wanted = textOf(build.context) ?? '.';
  const context = insideProduct(folder, wanted);
  if (context === undefined || /^[a-z+]+:\/\/|^git@/.test(wanted)) {
    return nothing(
      `its context ${wanted} is not in this product`,
      'write the service by hand, with the other repository as its "repo"',
    );
  }
  const name = textOf(build.dockerfile);
  const dockerfile =
    name === undefined ? dockerfileIn(files, context) : insideProduct(context, name);
  if (
    textOf(build.dockerfile_inline) !== undefined ||
    dockerfile === undefined ||
    !files.has(dockerfile)
  ) {
    const isTold = overrides.command !== undefined || overrides.entrypoint !== undefined;
    const own = ownProgram(files, context) ?? (isTold ? bare(context) : undefined);
    if (own !== undefined) return overridden(context, own, overrides, place);
    return nothing(`there is no ${name ?? 'Dockerfile'} in ${context}`, 'correct the build');
  }
  const args = new Map(
    Object.entries(namedValues(build.args)).map(([key, value]) => [key, textOf(value) ?? '']),
  );
  const image: ImageBuild = { dockerfile, context, target: textOf(build.target), args };
  const code = codeFolderOf(files, image);
  const program = programIn(files, code, { ...image, context: code, ...overrides, place });
  return program === undefined
    ? nothing(`${dockerfile} says no command`, 'give it a CMD')
    : { folder: code, program };
}

function overridden(
  folder: string,
  own: Program,
  overrides: Overrides,
  place: string,
): ComposeCode {
  const { command, entrypoint } = overrides;
  const given = command ?? entrypoint;
  if (given === undefined) return { folder, program: own };
  return {
    folder,
    program: { ...own, start: { value: own.adapt(given), source: `${place}.command` } },
  };
}

interface Overrides {
  readonly command?: Command;
  readonly entrypoint?: Command;
}

/** @throws MeshSimError `source-invalid` */
export function commandsOf(service: Values, place: string): Overrides {
  const command = commandOf(service.command, `${place}.command`);
  const entrypoint = commandOf(service.entrypoint, `${place}.entrypoint`);
  return {
    ...(command === undefined ? {} : { command }),
    ...(entrypoint === undefined ? {} : { entrypoint }),
  };
}

/** Compose splits a line into words, as a shell would, and starts no shell. */
function commandOf(value: unknown, place: string): Command | undefined {
  if (value === undefined || value === null) return undefined;
  const words = Array.isArray(value)
    ? listOf(value).map((word) => textOf(word) ?? '')
    : shellWords(textOf(value) ?? '');
  if (words === undefined) {
    throw new MeshSimError(
      'source-invalid',
      `${place} opens a quote that is never closed: correct it.`,
    );
  }
  return words.length === 0 ? undefined : unwrapped(words);
}

/** `["sh", "-c", line]` is the line. */
export function unwrapped(words: readonly string[]): Command {
  const [shell = '', flag = '', line, ...rest] = words;
  const isShell = /^(\/bin\/|\/usr\/bin\/)?(sh|ash|dash)$/.test(shell) && /^-e?c$/.test(flag);
  return isShell && line !== undefined && rest.length === 0 ? line : [...words];
}

function within(command: Command, mount: string): Command {
  if (typeof command === 'string') return command.replaceAll(mount, './');
  return command.map((word) => (word.startsWith(mount) ? `./${word.slice(mount.length)}` : word));
}

function bare(folder: string): Program {
  return { path: folder, env: new Map(), ports: [], gaps: [], adapt: (command) => command };
}

function nothing(why: string, remedy: string): { why: string; remedy: string } {
  return { why, remedy };
}

/** Names by which other services reach it. */
export function aliasesOf(service: Values): string[] {
  const networks = Object.values(recordOf(service.networks)).flatMap((one) =>
    listOf(recordOf(one).aliases).map(textOf),
  );
  return [textOf(service.container_name), textOf(service.hostname), ...networks].filter(
    (name) => name !== undefined,
  );
}
