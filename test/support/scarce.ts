import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { execa } from 'execa';
import { DIST, type CommandLine, type CommandOutcome } from './commandLine.ts';

/** unshare(1) for a mount namespace, as this user may have one; undefined: this machine gives none. */
export function mountNamespace(): readonly string[] | undefined {
  const ways = process.getuid?.() === 0 ? [['-m'], ['-Urm']] : [['-Urm']];
  return ways.find(
    (way) => spawnSync('unshare', [...way, 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0,
  );
}

/** `mesh-sim` in a shell that first takes something away from it: `limit` is a command of that shell. */
async function meshSimAfter(
  { environment }: CommandLine,
  limit: string,
  [args, cwd]: [args: readonly string[], cwd: string],
  wrapper: readonly string[] = [],
): Promise<CommandOutcome> {
  const shell = [`${limit} && exec "$0" "$@"`, process.execPath, path.join(DIST, 'meshSim.cjs')];
  const [file = '', ...rest] = [...wrapper, '/bin/sh', '-c', ...shell, ...args];
  const { exitCode, stdout, stderr } = await execa(file, rest, {
    cwd,
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

/** An ordinary user that runs nothing else, so that a limit of processes is about the command alone. */
const LONELY_USER = 61_803;

/** Undefined: only root may become another user. */
export function lonelyUser(): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const way = ['setpriv', `--reuid=${LONELY_USER}`, `--regid=${LONELY_USER}`, '--clear-groups'];
  const [program, ...args] = [...way, process.execPath, path.join(DIST, 'meshSim.cjs')];
  // Programs may lie where nobody but root can read them.
  return spawnSync(program, [...args, '--version']).status === 0 ? way : undefined;
}

/** That user owns these from then on, with all that is in them. */
export async function giveToLonelyUser(folders: readonly string[]): Promise<void> {
  await execa('chown', ['-R', `${LONELY_USER}:${LONELY_USER}`, ...folders]);
}

/** As that user, who owns `folders` from then on. */
export async function meshSimAsLonelyUser(
  commands: CommandLine,
  { processes, folders }: { processes: number; folders: readonly string[] },
  args: readonly string[],
  cwd: string,
): Promise<CommandOutcome> {
  await giveToLonelyUser(folders);
  // Shells do not agree on a name for this limit.
  const limit = `prlimit --pid $$ --nproc=${processes}`;
  return meshSimAfter(commands, limit, [args, cwd], lonelyUser());
}

/** With at most this many files open, or another limit of the shell. */
export function meshSimLimited(
  commands: CommandLine,
  limit: string,
  args: readonly string[],
  cwd: string,
): Promise<CommandOutcome> {
  return meshSimAfter(commands, limit, [args, cwd]);
}

/** With a small disk, of tmpfs(5) options, mounted over a folder where this command alone sees it. */
export function meshSimOnDisk(
  commands: CommandLine,
  { folder, options }: { folder: string; options: string },
  args: readonly string[],
  cwd: string,
): Promise<CommandOutcome> {
  const mount = `mount -t tmpfs -o ${options} small '${folder}'`;
  return meshSimAfter(commands, mount, [args, cwd], ['unshare', ...(mountNamespace() ?? [])]);
}
