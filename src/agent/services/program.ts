import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { Command } from '../../model/registry.ts';

/** Where programs are looked up. */
export interface ProgramPlaces {
  /** Search path of the host. */
  readonly hostPath: string;
  /** The part of it that cannot be seen where the program runs. */
  readonly hiddenPath: string;
  /** Whether a file cannot be seen there; left out: all can. */
  readonly hides?: ((file: string) => boolean) | undefined;
}

export interface ResolvedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Set only where this very program has to act as plain Node.js. */
  readonly extraEnv: Readonly<Record<string, string>>;
}

/**
 * What to execute for a command. A list is a program and its arguments: the program is looked up in the host's PATH,
 * or in the service's folder when it is written with a slash. A string goes through the system's shell.
 * @throws MeshSimError `service-failed` when the program is nowhere to be found.
 */
export function resolveCommand(
  command: Command,
  folder: string,
  { hostPath, hiddenPath, hides = () => false }: ProgramPlaces,
): ResolvedCommand {
  if (typeof command === 'string') return shellCommand(command);
  const [program = '', ...args] = command;
  const found = findProgram(program, folder, hostPath);
  if (found !== undefined && !hides(found)) return { file: found, args, extraEnv: {} };
  if (program === 'node' && !hides(process.execPath)) {
    return { file: process.execPath, args, extraEnv: asPlainNode() };
  }
  const hidden = found ?? findProgram(program, folder, hiddenPath);
  throw new MeshSimError(
    'service-failed',
    hidden === undefined
      ? `The program "${program}" is not on this host: install it, or correct the command in the registry.`
      : `The program "${program}" is only found in the product's repository (${hidden}), of which a node has nothing but what was packed: let a build install it, or install it on this host.`,
  );
}

/** An editor's executable runs as Node.js only when told so. */
export function asPlainNode(): Record<string, string> {
  return 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};
}

function shellCommand(command: string): ResolvedCommand {
  return process.platform === 'win32'
    ? { file: 'cmd.exe', args: ['/d', '/s', '/c', command], extraEnv: {} }
    : { file: '/bin/sh', args: ['-c', command], extraEnv: {} };
}

/** Programs of administrators, such as ip(8), are often not on the path of others. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Where the system's own program of that name is; undefined: it has none. */
export function systemProgram(name: string): string | undefined {
  return findProgram(name, '/', SYSTEM_PATH);
}

/** Where a program is on this host; undefined: nowhere. A relative path is one inside `folder`. */
export function findProgram(program: string, folder: string, hostPath: string): string | undefined {
  if (program.includes('/')) return executable(path.resolve(folder, program));
  for (const entry of hostPath.split(path.delimiter)) {
    // A relative entry would mean another program in each folder.
    if (!path.isAbsolute(entry)) continue;
    const found = executable(path.join(entry, program));
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(file: string): string | undefined {
  const suffixes = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];
  for (const candidate of suffixes.map((suffix) => file + suffix)) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not there, or not for us: the next entry may have it.
    }
  }
  return undefined;
}

/**
 * Tells one version of a program from another without running it: its real path, size and time of change. What lies in the
 * folder of a service is signed or built, and says nothing more.
 */
export function programStamp(program: string, hostPath: string): string {
  const found =
    program.includes('/') && !path.isAbsolute(program)
      ? undefined
      : findProgram(program, '/', hostPath);
  if (found === undefined) return `${program}: not on this host`;
  const real = realpathSync(found);
  const { size, mtimeMs } = statSync(real);
  return `${program}: ${real} ${size} ${mtimeMs}`;
}

/** The programs a command is known to run, and Node.js, with which most builds run whatever starts them. */
export function commandStamps(command: Command, hostPath: string): string[] {
  const shell = process.platform === 'win32' ? [] : ['/bin/sh'];
  const named =
    typeof command === 'string'
      ? [...shell, ...(/^\s*([\w@%+:,./-]+)/.exec(command)?.slice(1) ?? [])]
      : command.slice(0, 1);
  return ['node', ...named].map((program) => programStamp(program, hostPath));
}
