import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { killProcess, processesInside } from '../../support/processesInside.ts';
import { messageOf } from '../../../src/base/errors.ts';
import { createTinyProduct, healthyService } from '../../support/tinyProduct.ts';
import { ensureServer } from '../../support/vscodeServer/ensureServer.ts';
import { serverFolder } from '../../support/vscodeServer/server.ts';
import type { Trust } from '../../support/vscodeServer/settings.ts';
import { CURRENT, OLDEST, type Edition } from '../../support/vscodeServer/versions.ts';
import { bundleSuite } from './bundle.ts';
import { runOnDesktop } from './desktopTarget.ts';
import { Printer } from './printer.ts';
import { RESULTS_VARIABLE } from './records.ts';
import { runOnServer } from './serverTarget.ts';
import type { HostWindow } from './window.ts';

/** Longer than the limit of one test, so that mocha tells first which one it was. */
const SILENCE_LIMIT_MS = 180_000;
const DRAIN_MS = 200;

/** `broken`: the suite did not come to a clean end, so its counts say little. */
type Outcome = 'green' | 'red' | 'broken';

const NOT_HERE = `  2 pending
    - the same suite on desktop VS Code: npm run test:desktop, where one can be had
    - the same suite on the oldest VS Code: npm run test:oldest, which installs it first
`;

const TARGETS: Readonly<Record<string, (window: HostWindow) => Promise<void>>> = {
  server: (window) => runOnServer(CURRENT, window),
  oldest: (window) => runOnServer(OLDEST, window),
  desktop: runOnDesktop,
};

/** The browser comes with the current one. */
const EDITIONS: Readonly<Record<string, readonly Edition[]>> = {
  server: [CURRENT],
  oldest: [CURRENT, OLDEST],
};

/** `node run.ts [server|oldest|desktop]`, or by `VSCODE_TEST_TARGET`. There is no fall-back from one to another. */
const target = process.argv[2] ?? process.env.VSCODE_TEST_TARGET ?? 'server';
const runIn = TARGETS[target];
if (runIn === undefined)
  throw new Error(`Unknown target "${target}": use server, oldest or desktop.`);
for (const edition of EDITIONS[target] ?? []) await ensureServer(edition);
console.log(`\n  Target: ${target}`);
const outcomes: Outcome[] = [];
for (const trust of ['trusted', 'restricted'] as const)
  if (!outcomes.includes('broken')) outcomes.push(await runSuite(runIn, trust));
if (target === 'server') console.log(NOT_HERE);
process.exitCode = outcomes.every((outcome) => outcome === 'green') ? 0 : 1;

/** Runs the tests for a trusted or a restricted window and prints them. */
async function runSuite(
  run: (window: HostWindow) => Promise<void>,
  trust: Trust,
): Promise<Outcome> {
  const folder = await serverFolder();
  const product = await createTinyProduct([healthyService('web'), healthyService('api')]);
  const results = path.join(folder, 'results.ndjson');
  await writeFile(results, '');
  const printer = new Printer(results);
  const { signal, stop } = watchProgress(printer);
  let problem: string | undefined;
  try {
    await run({
      trust,
      workspace: product.repo,
      folder,
      suite: await bundleSuite(trust),
      environment: {
        [RESULTS_VARIABLE]: results,
        MESH_SIM_CONFIG: path.join(product.folder, 'config'),
      },
      signal,
    });
  } catch (error) {
    problem = messageOf(error);
  } finally {
    stop();
  }
  const { failing, isComplete } = printer.summarize();
  const left = processesInside(product.folder);
  left.forEach(killProcess);
  if (left.length > 0) problem ??= `Processes ${left.join(', ')} of a run outlived the editor.`;
  if (!isComplete)
    problem ??= 'The extension host ended before its suite did: it crashed or was killed.';
  if (problem !== undefined) console.error(`  The ${trust} window: ${problem}\n`);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  await product.dispose();
  if (problem !== undefined) return 'broken';
  return failing === 0 ? 'green' : 'red';
}

/** Prints what arrives; the signal aborts once nothing has for too long. */
function watchProgress(printer: Printer): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (printer.drain()) heardAt = performance.now();
    else if (performance.now() - heardAt > SILENCE_LIMIT_MS)
      controller.abort(new Error(`The suite told nothing for ${SILENCE_LIMIT_MS / 1000} s.`));
  }, DRAIN_MS);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
