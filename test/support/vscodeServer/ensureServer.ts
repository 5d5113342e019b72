import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import lockfile from 'proper-lockfile';
import { STAND_INS } from './standIns.ts';
import { KEPT_EXTENSIONS, NODE_PACKAGE, SERVER_ROOT, STAMP, VERSIONS } from './versions.ts';

/** Needs a compiler or the network at run time, or serves features no test uses. */
const DROPPED_DEPENDENCY =
  /^(@github\/|@microsoft\/(mxc-sdk|1ds-post-js)|@devcontainers\/|@vscode\/(copilot-api|sandbox-runtime|sqlite3|spdlog|native-watchdog|windows-|deviceid|fs-copyfile)|kerberos|ssh2|tar$|zod$|tas-client|node-addon-api)/;

/** Installs the VS Code server, its Node and Chromium from npm into `root`, once; a second caller waits for the first. */
export async function ensureServer(root = SERVER_ROOT): Promise<void> {
  if (isReady(root)) return;
  await mkdir(path.dirname(root), { recursive: true });
  const release = await lockfile.lock(path.dirname(root), {
    lockfilePath: `${root}.lock`,
    stale: 30_000,
    retries: { retries: 600, factor: 1, minTimeout: 1000 },
  });
  try {
    if (!isReady(root)) await install(root);
  } finally {
    await release();
  }
}

function isReady(root: string): boolean {
  const marker = path.join(root, '.ready');
  return existsSync(marker) && readFileSync(marker, 'utf8') === STAMP;
}

async function install(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  const { node, 'code-server': codeServer, '@sparticuz/chromium': chromium } = VERSIONS;
  const dependencies = {
    'code-server': codeServer,
    [NODE_PACKAGE]: node,
    ...(process.env.CHROMIUM_PATH ? {} : { '@sparticuz/chromium': chromium }),
  };
  const manifest = { name: 'vscode-test-server', private: true, dependencies };
  await writeFile(path.join(root, 'package.json'), JSON.stringify(manifest));
  await npmInstall(root);
  const server = path.join(root, 'node_modules/code-server/lib/vscode');
  await dropDependencies(path.join(server, 'package.json'));
  await npmInstall(server);
  await writeStandIns(path.join(server, 'node_modules/@vscode'));
  await keepExtensions(path.join(server, 'extensions'), path.join(root, 'builtin'));
  await writeFile(path.join(root, '.ready'), STAMP);
}

async function npmInstall(cwd: string): Promise<void> {
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await execa('npm', ['install', ...flags], { cwd, stdin: 'ignore' });
}

async function dropDependencies(file: string): Promise<void> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const kept = Object.entries(manifest.dependencies).filter(
    ([name]) => !DROPPED_DEPENDENCY.test(name),
  );
  await writeFile(
    file,
    JSON.stringify({ ...manifest, dependencies: Object.fromEntries(kept) }, null, 2),
  );
}

async function writeStandIns(scope: string): Promise<void> {
  for (const [name, source] of Object.entries(STAND_INS)) {
    const folder = path.join(scope, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const manifest = { name: `@vscode/${name}`, version: '0.0.0', main: 'index.js' };
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
