import { globSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Trust } from '../../support/vscodeServer/settings.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

/** Support code finds files beside its source, which a bundle in another folder has to remember. */
const SOURCE_FOLDERS: Plugin = {
  name: 'source-folders',
  setup: (build) =>
    build.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replaceAll(
        'import.meta.dirname',
        JSON.stringify(path.dirname(file)),
      ),
      loader: 'ts',
    })),
};

const TESTS: Readonly<Record<Trust, string>> = {
  trusted: 'test/host/*.test.ts',
  restricted: 'test/host/restricted/*.test.ts',
};

/** Bundles the tests of one window for the extension host, a CommonJS file each; returns the file that runs them. */
export async function bundleSuite(trust: Trust): Promise<string> {
  const outdir = path.join(ROOT, 'dist/test', trust);
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/host/suite/index.ts', ...globSync(TESTS[trust], { cwd: ROOT })],
    outdir,
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    // As in esbuild.mjs: its main file asks for its parts in a way no bundler can follow.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [SOURCE_FOLDERS],
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.cjs');
}
