import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { CommandOutcome } from './commandLine.ts';
import { temporaryFolder } from './harborPay.ts';
import { ensureServer } from './vscodeServer/ensureServer.ts';
import { CURRENT, rootOf } from './vscodeServer/versions.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const NOT_COPIED = ['node_modules', 'dist', '.git', '.vscode-test', '.meshsim'];
/** npm writes it last, and the script looks how old it is. */
const HIDDEN_LOCKFILE = '.package-lock.json';

/** A copy of this checkout, a home and a VS Code of its own, all in a folder whose name has spaces. */
export interface InstallBench {
  readonly checkout: string;
  readonly home: string;
  /** VS Code's command: a real one, of the test server, that only notes what it is asked to open. */
  readonly code: string;
  /** What was opened so far, one call a line. */
  opened(): Promise<string[]>;
  extensions(): Promise<string[]>;
  /** Runs the script as a user does, by default with all programs of the machine on the PATH. */
  install(args: readonly string[], options?: InstallOptions): Promise<CommandOutcome>;
  dispose(): Promise<void>;
}

export interface InstallOptions {
  /** Names of the only programs on the PATH. */
  readonly programs?: readonly string[];
  readonly cwd?: string;
}

/** Where a program of the machine is, not one that npm put in front of it. */
function programOf(name: string): string {
  const file = machinePath()
    .map((folder) => path.join(folder, name))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`There is no ${name} on the PATH.`);
  return file;
}

function machinePath(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((folder) => folder !== '' && !folder.includes('node_modules'));
}

function copyableFrom(source: string): boolean {
  const [top = ''] = path.relative(ROOT, source).split(path.sep);
  return !NOT_COPIED.includes(top);
}

/**
 * A folder for the PATH with an npm that is the machine's own, which also judges the order to install, the manifest and its lock.
 * Only what it would then download and unpack, as this checkout's own installation did, comes as links to that.
 * @returns the folder
 */
async function npmWithoutDownloads(folder: string): Promise<string> {
  const bin = path.join(folder, 'npm');
  await mkdir(bin);
  const installed = path.join(ROOT, 'node_modules');
  await writeFile(
    path.join(bin, 'npm'),
    `#!/bin/sh
set -eu
if [ "$1" != ci ]; then exec '${programOf('npm')}' "$@"; fi
'${programOf('npm')}' "$@" --dry-run
mkdir node_modules
for each in '${installed}'/* '${installed}'/.bin; do ln -s "$each" node_modules/; done
cp '${installed}/${HIDDEN_LOCKFILE}' node_modules/
`,
  );
  await chmod(path.join(bin, 'npm'), 0o755);
  return bin;
}

export async function createInstallBench(): Promise<InstallBench> {
  await ensureServer();
  const folder = path.join(await temporaryFolder(), 'mesh sim');
  const checkout = path.join(folder, 'check out');
  const home = path.join(folder, 'home of a user');
  const log = path.join(folder, 'opened');
  await mkdir(home, { recursive: true });
  await cp(ROOT, checkout, { recursive: true, filter: copyableFrom });
  const npm = await npmWithoutDownloads(folder);
  const code = path.join(folder, 'code');
  const server = path.join(rootOf(CURRENT), 'node_modules/code-server/out/node/entry.js');
  const data = ['--user-data-dir', path.join(folder, 'data')];
  const real = [process.execPath, server, ...data, '--extensions-dir', path.join(folder, 'exts')];
  await writeFile(
    code,
    `#!/bin/sh
case "$1" in
  --version|--install-extension|--list-extensions) exec ${real.map((part) => `'${part}'`).join(' ')} "$@" ;;
  *) printf '%s\\n' "$*" >>'${log}' ;;
esac
`,
  );
  await chmod(code, 0o755);
  const environment = {
    HOME: home,
    PATH: [npm, ...machinePath()].join(path.delimiter),
    LC_ALL: 'C.UTF-8',
    // What was downloaded for this checkout need not be for its copy.
    npm_config_cache: process.env.npm_config_cache ?? path.join(os.homedir(), '.npm'),
  };

  const pathWith = async (programs: readonly string[]): Promise<string> => {
    const bin = await mkdtemp(path.join(folder, 'bin-'));
    for (const name of programs) await symlink(programOf(name), path.join(bin, name));
    return bin;
  };
  const run = async (command: string, args: readonly string[], options: InstallOptions = {}) => {
    const { programs, cwd = home } = options;
    const env =
      programs === undefined ? environment : { ...environment, PATH: await pathWith(programs) };
    const { exitCode, stdout, stderr } = await execa(command, args, {
      ...{ cwd, env, extendEnv: false, reject: false, stdin: 'ignore' },
    });
    return { exitCode, stdout, stderr };
  };
  return {
    checkout,
    home,
    code,
    opened: async () =>
      existsSync(log) ? (await readFile(log, 'utf8')).split('\n').filter(Boolean) : [],
    extensions: async () =>
      (await run(code, ['--list-extensions'])).stdout.split('\n').filter(Boolean),
    install: (args, options) => run(path.join(checkout, 'install.sh'), args, options),
    dispose: () => rm(path.dirname(folder), { recursive: true, force: true }),
  };
}
