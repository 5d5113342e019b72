import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import lockfile from 'proper-lockfile';
import { STAND_INS } from './standIns.ts';
import {
  CURRENT,
  KEPT_EXTENSIONS,
  NODE_PACKAGE,
  rootOf,
  stampOf,
  type Edition,
} from './versions.ts';

/** Needs a compiler or the network at run time, or serves features no test uses. */
const DROPPED_DEPENDENCY =
  /^(@github\/|@microsoft\/(mxc-sdk|1ds-post-js)|@devcontainers\/|@vscode\/(copilot-api|sandbox-runtime|sqlite3|spdlog|native-watchdog|windows-|deviceid|fs-copyfile)|native-watchdog$|kerberos|ssh2|tar$|zod$|tas-client|node-addon-api)/;

/** Installs an edition's server with all it needs from npm, once; a second caller waits for the first. */
export async function ensureServer(edition = CURRENT): Promise<void> {
  if (isReady(edition)) return;
  const root = rootOf(edition);
  await mkdir(path.dirname(root), { recursive: true });
  const release = await lockfile.lock(path.dirname(root), {
    lockfilePath: `${root}.lock`,
    stale: 30_000,
    retries: { retries: 600, factor: 1, minTimeout: 1000 },
  });
  try {
    if (!isReady(edition)) await install(edition);
  } finally {
    await release();
  }
}

function isReady(edition: Edition): boolean {
  const marker = path.join(rootOf(edition), '.ready');
  return existsSync(marker) && readFileSync(marker, 'utf8') === stampOf(edition);
}

async function install(edition: Edition): Promise<void> {
  const root = rootOf(edition);
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  const { node, '@sparticuz/chromium': chromium, ...others } = edition.versions;
  const dependencies = {
    ...others,
    [NODE_PACKAGE]: node,
    ...(process.env.CHROMIUM_PATH ? {} : { '@sparticuz/chromium': chromium }),
  };
  const manifest = { name: 'vscode-test-server', private: true, dependencies };
  await writeFile(path.join(root, 'package.json'), JSON.stringify(manifest));
  await npmInstall(root);
  const server = path.join(root, 'node_modules/code-server/lib/vscode');
  await changeDependencies(path.join(server, 'package.json'), edition.replaced);
  await npmInstall(server);
  await writeStandIns(path.join(server, 'node_modules'));
  await keepExtensions(path.join(server, 'extensions'), path.join(root, 'builtin'));
  await writeFile(path.join(root, '.ready'), stampOf(edition));
}

async function npmInstall(cwd: string): Promise<void> {
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await execa('npm', ['install', ...flags], { cwd, stdin: 'ignore' });
}

async function changeDependencies(file: string, replaced: Edition['replaced']): Promise<void> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const kept = Object.entries(manifest.dependencies).filter(
    ([name]) => !DROPPED_DEPENDENCY.test(name),
  );
  await writeFile(
    file,
    JSON.stringify(
      { ...manifest, dependencies: { ...Object.fromEntries(kept), ...replaced } },
      null,
      2,
    ),
  );
}

async function writeStandIns(modules: string): Promise<void> {
  for (const [name, source] of Object.entries(STAND_INS)) {
    const folder = path.join(modules, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const manifest = { name, version: '0.0.0', main: 'index.js' };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(path.join(folder, 'index.js'), source);
  }
}

async function keepExtensions(all: string, kept: string): Promise<void> {
  await mkdir(kept);
  for (const name of KEPT_EXTENSIONS) await rename(path.join(all, name), path.join(kept, name));
  await rm(all, { recursive: true });
  await mkdir(all);
}
