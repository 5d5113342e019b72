import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import lockfile from 'proper-lockfile';
import { installExtension, serverFolder } from '../../support/vscodeServer/server.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
/** Playwright empties it when the tests begin: what is in it was made of this checkout as it is. */
const RESULTS = path.join(import.meta.dirname, '../__results__');

/** A server's folder of extensions, with the packaged one: a server may be given a copy of it. */
export const INSTALLED_EXTENSIONS = path.join(RESULTS, 'extensions');

/** Packages the extension and installs it, once for all workers: a second one waits for the first. */
export async function ensureInstalled(): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const release = await lockfile.lock(RESULTS, {
    lockfilePath: `${INSTALLED_EXTENSIONS}.lock`,
    stale: 60_000,
    retries: { retries: 600, factor: 1, minTimeout: 200 },
  });
  try {
    if (!existsSync(INSTALLED_EXTENSIONS)) await install();
  } finally {
    await release();
  }
}

/** The folder appears last and whole, so that a broken installation is repeated. */
async function install(): Promise<void> {
  const folder = await serverFolder();
  const vsix = path.join(folder, 'mesh-sim-studio.vsix');
  await packageTo(vsix);
  await installExtension(folder, vsix);
  const whole = `${INSTALLED_EXTENSIONS}.part`;
  await rm(whole, { recursive: true, force: true });
  await cp(path.join(folder, 'extensions'), whole, { recursive: true });
  await rename(whole, INSTALLED_EXTENSIONS);
  await rm(folder, { recursive: true, force: true });
}

async function packageTo(vsix: string): Promise<void> {
  const node = (...args: string[]) => execa(process.execPath, args, { cwd: ROOT });
  await node('esbuild.mjs', '--if-stale');
  await node('node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '-o', vsix);
}
