import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export interface HarborPay {
  /** A fresh git repository that holds a copy of examples/harbor-pay at its root. */
  readonly folder: string;
  readonly registryFile: string;
  /** The id of its only commit; the same in every copy of one kind. */
  readonly commit: string;
  dispose(): Promise<void>;
}

const EXAMPLE = path.join(import.meta.dirname, '../../examples/harbor-pay');
const DATE = '2026-01-02T03:04:05Z';

/** Runs git as nobody in particular: no user or machine configuration, a fixed author and time. */
export async function gitIn(folder: string, ...args: string[]): Promise<string> {
  const settings = [
    ...['init.defaultBranch=main', 'core.autocrlf=false', 'commit.gpgSign=false'],
    // In the background it would go on writing into a folder that the test is about to remove.
    ...['gc.auto=0', 'maintenance.auto=false'],
  ];
  const { stdout } = await execa('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
    cwd: folder,
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      SystemRoot: process.env.SystemRoot,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_AUTHOR_NAME: 'Harbour Master',
      GIT_AUTHOR_EMAIL: 'harbour@example.org',
      GIT_AUTHOR_DATE: DATE,
      GIT_COMMITTER_NAME: 'Harbour Master',
      GIT_COMMITTER_EMAIL: 'harbour@example.org',
      GIT_COMMITTER_DATE: DATE,
    },
  });
  return stdout;
}

const folders = new Set<string>();

/** A new empty folder with its real path (temporary folders are links on some systems). It lasts as long as this process. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'mesh-sim-')));
  if (folders.size === 0) process.once('exit', removeFolders);
  folders.add(folder);
  return folder;
}

function removeFolders(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody still writes to it: that is no reason for the tests to fail after all of them have ended.
    }
  }
}

/** Commits everything in the folder's working copy and returns the commit's id. */
export async function commitAll(folder: string, message = 'Change'): Promise<string> {
  await gitIn(folder, 'add', '--all');
  await gitIn(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
  return gitIn(folder, 'rev-parse', 'HEAD');
}

/** Without its objectives its runs last for as long as it takes to start: nothing is measured then. */
export async function createHarborPay({ hasObjectives = true } = {}): Promise<HarborPay> {
  const folder = await temporaryFolder();
  await cp(EXAMPLE, folder, { recursive: true });
  if (!hasObjectives) await dropObjectives(path.join(folder, 'mesh.services.json'));
  await gitIn(folder, 'init', '--quiet');
  return {
    folder,
    registryFile: path.join(folder, 'mesh.services.json'),
    commit: await commitAll(folder, 'Harbor Pay'),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

async function dropObjectives(registryFile: string): Promise<void> {
  const registry = JSON.parse(await readFile(registryFile, 'utf8')) as {
    services: { objectives?: unknown }[];
  };
  for (const service of registry.services) delete service.objectives;
  await writeFile(registryFile, JSON.stringify(registry, null, 2));
}

/** Writes a file (path relative to the repository) and commits it; returns the new commit's id. */
export async function commitChange(
  repo: { readonly folder: string },
  file: string,
  content: string | Uint8Array,
): Promise<string> {
  const target = path.join(repo.folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
  return commitAll(repo.folder, `Change ${file}`);
}
