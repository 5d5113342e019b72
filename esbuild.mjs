import { globSync, mkdirSync, renameSync, statSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { builtinsOnUse } from './esbuild.builtins.mjs';
import { schemasOnUse } from './esbuild.schemas.mjs';

const ROOT = import.meta.dirname;
const OUT = path.join(ROOT, 'dist');

const program = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Its main file asks for its parts in a way no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};
/** The extension host loads it on first need: activation pays for extension.cjs alone. */
const STUDIO_HOST = 'studioHost.cjs';
const studioHostApart = {
  name: 'studio-host-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/studioHost\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${STUDIO_HOST}`, external: true } : undefined,
    );
  },
};

/** Parts of mesh-sim that only one of its commands loads, each a file of its own. */
const OTLP = 'otlp.cjs';
const MCP = 'mcp.cjs';
const commandsApart = {
  name: 'commands-apart',
  setup({ onResolve }) {
    const apart = (filter, file) =>
      onResolve({ filter }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${file}`, external: true } : undefined,
      );
    apart(/\/otlp\/sendRun\.ts$/, OTLP);
    apart(/\/mcp\/serveStdio\.ts$/, MCP);
  },
};

/** import() becomes require(), which finds the file beside this one in every extension host. */
const asRequire = { supported: { 'dynamic-import': false } };

/**
 * Loaded from files of their own, when a vault is opened or a product's files are read: each is as large as a tenth of the
 * editor's bundle.
 */
const rarelyNeededApart = {
  alias: { ...program.alias, 'age-encryption': './age.cjs', yaml: './yaml.cjs' },
  external: ['./age.cjs', './yaml.cjs'],
  ...asRequire,
};
const command = { ...program, banner: { js: '#!/usr/bin/env node' } };

/** As it stands. */
const copy = { absWorkingDir: ROOT, write: false, loader: { '.pl': 'copy', '.py': 'copy' } };

/**
 * Modules of Node.js that an agent is up without, and some never need. import() would ask for all that they export: of `http`, a client for
 * WebSockets among it, at ten times the price of the rest.
 */
const UNNEEDED_TO_BE_UP = [
  'child_process',
  'crypto',
  'dns',
  'fs/promises',
  'http',
  'module',
  'zlib',
];

/** Each file of dist/ and what it is made of. Programs are single CommonJS files without dependencies at run time. */
const BUNDLES = {
  'meshSim.cjs': {
    ...command,
    ...rarelyNeededApart,
    entryPoints: ['src/cli/meshSim.ts'],
    plugins: [commandsApart],
  },
  'verifySim.cjs': { ...command, entryPoints: ['src/cli/verifySim.ts'], target: 'node20' },
  // Started once for every node of a run, and read to the end each time.
  'agent.cjs': {
    ...program,
    entryPoints: ['src/agent/main.ts'],
    minify: true,
    plugins: [builtinsOnUse(UNNEEDED_TO_BE_UP)],
  },
  'switch.cjs': { ...program, entryPoints: ['src/runtime/real/switch/main.ts'], minify: true },
  // Sent to other hosts, for each node that lives there.
  'keeper.cjs': { ...program, entryPoints: ['src/runtime/hosts/keeper/main.ts'], minify: true },
  'pipes.cjs': { ...program, entryPoints: ['src/runtime/hosts/pipes/main.ts'], minify: true },
  'extension.cjs': {
    ...program,
    entryPoints: ['src/extension.ts'],
    external: ['vscode'],
    minify: true,
    plugins: [studioHostApart],
    ...asRequire,
  },
  [STUDIO_HOST]: {
    ...program,
    ...rarelyNeededApart,
    entryPoints: ['src/host/studioHost.ts'],
    minify: true,
  },
  // Loaded into Node.js services: every byte of it is read at each of their starts.
  'guard.cjs': { ...program, entryPoints: ['src/agent/guard/hook.ts'], minify: true },
  // Runs inside the network namespace of a node, one process each.
  'door.pl': { ...copy, entryPoints: ['src/agent/box/door.pl'] },
  // Sets that network up and is its door then.
  'firstProcess.pl': { ...copy, entryPoints: ['src/agent/box/firstProcess.pl'] },
  // A door where there is no perl.
  'door.cjs': { ...program, entryPoints: ['src/agent/box/door.ts'], minify: true },
  // Carry packets between a box and the emulator: perl, or python3 where there is none.
  'relay.pl': { ...copy, entryPoints: ['src/agent/box/relay.pl'] },
  'relay.py': { ...copy, entryPoints: ['src/agent/box/relay.py'] },
  'yaml.cjs': { ...program, entryPoints: ['yaml'], minify: true },
  'age.cjs': { ...program, entryPoints: ['age-encryption'], minify: true },
  [MCP]: { ...program, entryPoints: ['src/mcp/serveStdio.ts'], minify: true },
  [OTLP]: { ...program, entryPoints: ['src/otlp/sendRun.ts'], minify: true },
  // The page: studio.js and studio.css, for VS Code's webviews and for a browser.
  'page/studio.js': {
    absWorkingDir: ROOT,
    entryPoints: ['webview/main.tsx'],
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    legalComments: 'eof',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
  },
};
const SOURCES = [
  'src/**/*.{ts,pl,py}',
  'examples/*.mjs',
  'webview/**/*.{ts,tsx,css,json}',
  'package.json',
  'package-lock.json',
  'esbuild*.mjs',
];

function newestChange(patterns) {
  const files = globSync(patterns, { cwd: ROOT });
  return Math.max(...files.map((file) => statSync(path.join(ROOT, file)).mtimeMs));
}

function isFresh() {
  const changed = newestChange(SOURCES);
  return Object.keys(BUNDLES).every((name) => {
    const built = statSync(path.join(OUT, name), { throwIfNoEntry: false });
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
  await Promise.all(
    Object.entries(BUNDLES).map(async ([name, options]) => {
      const outfile = path.join(OUT, name);
      const plugins = [...(options.plugins ?? []), schemasOnUse(path.join(ROOT, 'src'))];
      const { outputFiles } = await build({ ...options, plugins, outfile });
      mkdirSync(path.dirname(outfile), { recursive: true });
      const mode = options.banner === undefined ? 0o644 : 0o755;
      for (const file of outputFiles) replaceFile(file.path, file.contents, mode);
    }),
  );
}

/** An editor writes several files at once, and some of them twice. */
const SETTLED_MS = 100;

/** Builds again after each change, until it is ended. esbuild says what cannot be built; the last that could stays. */
function watchSources() {
  let last = Promise.resolve();
  let isDue = false;
  const again = async () => {
    await setTimeout(SETTLED_MS);
    isDue = false;
    await bundleAll().then(
      () => console.log('Built.'),
      () => undefined,
    );
  };
  const changed = () => {
    if (isDue) return;
    isDue = true;
    last = last.then(again);
  };
  for (const folder of ['src', 'webview']) {
    watch(path.join(ROOT, folder), { recursive: true }, changed);
  }
}

if (!process.argv.includes('--if-stale') || !isFresh()) await bundleAll();
if (process.argv.includes('--watch')) watchSources();
