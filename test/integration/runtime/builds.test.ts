import assert from 'node:assert/strict';
import { eventsOf, ON_HOST, rehearse } from '../../support/realRun.ts';
import {
  createTinyProduct,
  HEALTHY_SERVER,
  healthyService,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';

describe('runtime/real: builds of services', () => {
  const products: TinyProduct[] = [];
  afterEach(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  async function run(service: TinyService, overrides: Parameters<typeof rehearse>[2] = {}) {
    const product = await createTinyProduct([service]);
    products.push(product);
    return rehearse(product, {}, overrides);
  }

  it('builds once, with a home, a cache, a proxy and secrets of the build alone, copies the result to the other nodes, and reuses it in the next run, whose secret is another one', async () => {
    const build = `
      import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
      const { HOME, XDG_CACHE_HOME, HTTPS_PROXY, TOKEN } = process.env;
      console.log('home has ' + readdirSync(HOME).length + ', cache has ' + readdirSync(XDG_CACHE_HOME).length);
      console.log('proxy ' + HTTPS_PROXY + ', token ' + TOKEN + ' of ' + TOKEN.length);
      writeFileSync(HOME + '/.npmrc', TOKEN); writeFileSync(XDG_CACHE_HOME + '/kept', 'kept');
      mkdirSync('out'); writeFileSync('out/made.txt', 'made');`;
    const server = `import { readFileSync } from 'node:fs'; readFileSync('out/made.txt');
      console.log('service has ' + Object.keys(process.env).sort());`;
    const product = await createTinyProduct([
      {
        name: 'web',
        files: { 'build.mjs': build, 'server.mjs': server + HEALTHY_SERVER },
        entry: { build: ['node', 'build.mjs'], buildSecrets: ['TOKEN'] },
      },
    ]);
    products.push(product);
    const statuses = async (token: string) => {
      const { events, observation } = await rehearse(
        product,
        { params: { nodes: 2, latencyMs: [1, 2] } },
        {
          secrets: new Map([['TOKEN', token]]),
          proxy: { HTTPS_PROXY: 'http://me:proxypassword@proxy.example:3128' },
        },
      );
      assert.equal(observation.outcome, 'pass', observation.cause);
      const all = eventsOf(events, 'service').map(({ status }) => status);
      const said = eventsOf(events, 'log').map(({ text }) => text);
      return {
        built: all.filter((s) => s === 'built'),
        cached: all.filter((s) => s === 'cached'),
        said,
      };
    };
    const first = await statuses('t0ps3cret');
    assert.deepEqual([first.built.length, first.cached.length], [1, 1]);
    const [found, given] = first.said.filter((line) => /^(home|proxy) /.test(line));
    assert.equal(found, 'home has 0, cache has 0');
    assert.match(
      given ?? '',
      /^proxy http:\/\/me:(?!proxypassword).*@proxy.*, token (?!t0ps).* of 9$/,
    );
    assert.ok(first.said.includes('service has MESH_SIM_RUN,PORT'), first.said.join('\n'));
    const second = await statuses('an0thers3cret');
    assert.deepEqual([second.built.length, second.cached.length], [0, 2]);
  });

  it('fails a build that changes a signed file, by its name, in every run alike', async () => {
    const product = await createTinyProduct([
      {
        name: 'web',
        files: { 'server.mjs': HEALTHY_SERVER, 'lib/a.txt': 'a', 'lib/version.txt': 'committed' },
        entry: { build: 'echo built > lib/version.txt; echo made > made.txt' },
      },
    ]);
    products.push(product);
    for (const run of ['first', 'second']) {
      const { observation } = await rehearse(product, {}, ON_HOST);
      assert.equal(observation.outcome, 'fail', run);
      assert.match(
        observation.cause ?? '',
        /The build of service "web" on n\d changed the signed file "lib\/version.txt"/,
      );
    }
  });

  it('ends with the first build that fails, which is said once, by what it said', async () => {
    const build = 'echo about to fail; echo no compiler >&2; exit 4';
    const { observation, events } = await run(healthyService('web', { build }), ON_HOST);
    assert.match(
      observation.cause ?? '',
      /build of service "web" on n\d exited with code 4.*no compiler/,
    );
    const begun = eventsOf(events, 'service').filter(({ status }) => status === 'building');
    assert.equal(begun.length, 1, 'no other node builds it again');
    const ends = observation.nodeReports.map(({ phases }) => phases.at(-1)?.details ?? '');
    const given = ends.filter((end) => /^n\d was given up: a build failed on n\d\.$/.test(end));
    assert.deepEqual(
      given.map((end) => end.includes(` ${begun[0]?.nodeId}.`)),
      [true],
    );
  });

  it('ends a build that hangs at its own deadline, and all it started', async () => {
    // On a busy machine it may not have come to say anything by then.
    const build = ['node', '-e', 'setInterval(() => undefined, 1000);'];
    const { observation } = await run(healthyService('web', { build, buildDeadlineMs: 500 }));
    assert.match(
      observation.cause ?? '',
      /^The build of service "web" on n\d was not done within 500 ms, its deadline \(buildDeadlineMs\)\. It said nothing\.$/,
    );
    assert.equal(
      observation.invariants.find(({ name }) => name === 'no-process-left')?.observed,
      'held',
    );
  });
});
