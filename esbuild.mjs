import { globSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Bundle name → entry. Each becomes one CommonJS file without dependencies at run time. */
const BUNDLES = {
  meshSim: 'src/cli/meshSim.ts',
  verifySim: 'src/cli/verifySim.ts',
  agent: 'src/agent/main.ts',
  switch: 'src/runtime/real/switch/main.ts',
};
const EXECUTABLE = new Set(['meshSim', 'verifySim']);
const OUT = path.join(import.meta.dirname, 'dist');

function newestChange(patterns) {
  const files = globSync(patterns, { cwd: import.meta.dirname });
  return Math.max(...files.map((file) => statSync(path.join(import.meta.dirname, file)).mtimeMs));
}

function isFresh() {
  const changed = newestChange(['src/**/*.ts', 'package-lock.json', 'esbuild.mjs']);
  return Object.keys(BUNDLES).every((name) => {
    const built = statSync(path.join(OUT, `${name}.cjs`), { throwIfNoEntry: false });
    return built !== undefined && built.mtimeMs > changed;
  });
}

/** Written beside the target and renamed: a second command never loads half a bundle. */
function replaceFile(file, contents, mode) {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, contents, { mode });
  renameSync(temporary, file);
}

async function bundleAll() {
  mkdirSync(OUT, { recursive: true });
  await Promise.all(
    Object.entries(BUNDLES).map(async ([name, entry]) => {
      const { outputFiles } = await build({
        absWorkingDir: import.meta.dirname,
        entryPoints: [entry],
        outfile: path.join(OUT, `${name}.cjs`),
        bundle: true,
        write: false,
        platform: 'node',
        target: name === 'verifySim' ? 'node20' : 'node22',
        format: 'cjs',
        minifySyntax: true,
        legalComments: 'none',
        logLevel: 'warning',
        banner: EXECUTABLE.has(name) ? { js: '#!/usr/bin/env node' } : {},
      });
      for (const file of outputFiles) {
        replaceFile(file.path, file.contents, EXECUTABLE.has(name) ? 0o755 : 0o644);
      }
    }),
  );
}

if (!process.argv.includes('--if-stale') || !isFresh()) await bundleAll();
