import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandOf, processIds, readProcess } from '../../../src/agent/processes/procfs.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { mountsHere } from '../../support/mounts.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import {
  createTinyProduct,
  healthyService,
  HEALTHY_SERVER,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';

const ON_HOST = { guard: { deny: [], namespace: 'off', ports: [] } } as const;

let products: TinyProduct[] = [];
async function productOf(...services: TinyService[]): Promise<TinyProduct> {
  const product = await createTinyProduct(services);
  products.push(product);
  return product;
}

/** Skips the test where the machine has no whole boxes. */
function boxed(test: Mocha.Context, run: RealRun): RealRun {
  if (run.observation.environment.isolation !== 'full') test.skip();
  return run;
}

function linesOf(events: readonly MeshEvent[]): string[] {
  return eventsOf(events, 'log').map(({ text }) => text);
}

/** A server that first says what a line of JavaScript gives. */
function saying(expression: string): TinyService {
  const server = `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    console.log(${expression});
    ${HEALTHY_SERVER}`;
  return { ...healthyService(), files: { 'server.mjs': server } };
}

describe('runtime/real: what a node is kept apart from', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  afterEach(async () => {
    for (const product of products) await product.dispose();
    products = [];
  });

  it('finds no dependency that lies in the working copy and was not packed', async function () {
    const product = await productOf(saying("require('never-committed')"));
    const module = path.join(product.repo, 'node_modules/never-committed');
    await mkdir(module, { recursive: true });
    await writeFile(path.join(module, 'index.js'), 'module.exports = "found"');
    const { observation } = await rehearse(product);
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /^Service "web" on n\d exited with code 1 before/);
  });

  it('finds the repository empty by its absolute path too', async function () {
    const product = await productOf(healthyService());
    const look = `find "${product.repo}" | wc -l; touch "${product.repo}/written" || echo refused`;
    const looking = await productOf(
      healthyService('web', { build: look, env: { PATH: '${host.path}', PORT: '${port:http}' } }),
    );
    const cover = { folders: [product.repo] };
    const { events } = boxed(this, await rehearse(looking, {}, { cover }));
    assert.ok(linesOf(events).includes('1'), linesOf(events).join());
    assert.ok(linesOf(events).includes('refused'), linesOf(events).join());
    assert.ok(!(await readdir(product.repo)).includes('written'));
  });

  it('uses what a build wrote its own path into, on every node and in the next run', async function () {
    const build = 'printf "#!/bin/sh\\nexec node $PWD/server.mjs\\n" > run.sh; chmod +x run.sh';
    const env = { PATH: '${host.path}', PORT: '${port:http}' };
    const product = await productOf(healthyService('web', { build, start: ['./run.sh'], env }));
    for (const inBox of [true, true, false]) {
      const run = await rehearse(product, {}, inBox ? {} : ON_HOST);
      if (inBox) boxed(this, run);
      assert.equal(run.observation.outcome, 'pass', run.observation.cause);
      const built = eventsOf(run.events, 'service').filter(({ status }) => status === 'built');
      // Where paths differ, every node builds for itself; in boxes, the first run has built for all.
      if (!inBox) assert.equal(built.length, 2);
    }
  });

  it('keeps a build from writing into the working copy by walking up', async function () {
    // As package managers look for the root of a workspace.
    const build = [
      'node',
      '-e',
      `const fs = require('fs'), path = require('path');
       let top = process.cwd();
       for (let at = top; at !== path.dirname(at); at = path.dirname(at))
         if (fs.existsSync(path.join(at, 'workspace.yaml'))) top = at;
       fs.writeFileSync(path.join(top, 'lock.yaml'), '');`,
    ];
    const product = await productOf(healthyService('web', { build }));
    await writeFile(path.join(product.repo, 'workspace.yaml'), '');
    const { observation } = await rehearse(product);
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.ok(!(await readdir(product.repo)).includes('lock.yaml'));
  });

  it('ends a health command that takes too long with all it has started, in a box and without', async () => {
    const sleep = `sleep ${700_000 + process.pid}`;
    const command = `(${sleep} >/dev/null 2>&1 &); ${sleep}; true`;
    const health = { command, timeoutMs: 300, intervalMs: 20, deadlineMs: 3_000 };
    const env = { PATH: '${host.path}', PORT: '${port:http}' };
    const product = await productOf(healthyService('web', { health, env }));
    for (const where of [{}, ON_HOST]) {
      let most = 0;
      const look = setInterval(() => (most = Math.max(most, asleep(sleep).length)), 20);
      const { observation } = await rehearse(product, {}, where);
      clearInterval(look);
      assert.match(
        observation.cause ?? '',
        /was not healthy within 3000 ms: no answer within 300 ms/,
      );
      // Two of one check on each of two nodes.
      assert.ok(most > 0 && most <= 4, `${most}`);
      assert.deepEqual(asleep(sleep), []);
    }
  });

  it('says which program is only in the repository', async function () {
    const product = await productOf(healthyService('web', { build: ['only-here'] }));
    const bin = path.join(product.repo, 'node_modules/.bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'only-here'), '#!/bin/sh\n', { mode: 0o755 });
    const hostPath = `${bin}:${process.env.PATH ?? ''}`;
    const { observation } = boxed(this, await rehearse(product, {}, { hostPath }));
    assert.match(observation.cause ?? '', /"only-here" is only found in the product's repository/);
  });

  it('says on each node how far it is kept apart, and in the evidence where it was least', async () => {
    const product = await productOf(healthyService());
    for (const [uncovered, expected] of [
      ['the repository is the home folder', 'network'],
      [undefined, 'none'],
    ] as const) {
      const where = uncovered === undefined ? ON_HOST : { cover: { folders: [], uncovered } };
      const { observation, events } = await rehearse(product, {}, where);
      const said = linesOf(events).filter((line) => line.startsWith('Builds and services of n'));
      assert.equal(said.length, 2);
      if (uncovered !== undefined && observation.environment.isolation === 'none') continue;
      assert.equal(observation.environment.isolation, expected);
      for (const line of said) assert.ok(line.includes(`${uncovered ?? 'for simulations'}.`), line);
    }
  });

  it('shows a service the same short path on every node, and leaves the machine as it is', async function () {
    const mounts = mountsHere();
    const product = await productOf(saying('`at ${process.cwd()} as ${process.pid}`'));
    const { events } = boxed(this, await rehearse(product));
    const said = new Set(linesOf(events).filter((line) => line.startsWith('at ')));
    assert.equal(new Set([...said].map((line) => line.split(' ')[1])).size, 1);
    assert.match([...said][0] ?? '', /^at \/[a-z/]+\/services\/web as \d{1,3}$/);
    assert.deepEqual(mountsHere(), mounts);
  });
});

function asleep(sleep: string): number[] {
  return processIds().filter(
    (pid) => commandOf(pid) === sleep && readProcess(pid)?.isOver === false,
  );
}
