import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { packedServices } from '../../../src/model/capsule.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import { createTinyMonorepo } from '../../support/tinyMonorepo.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

describe('runtime/real: two services of one workspace', () => {
  let product: TinyProduct;
  let ran: RealRun;

  before(async function () {
    this.timeout(180_000);
    product = await createTinyMonorepo();
    ran = await rehearse(product);
  });
  after(() => product.dispose());

  const said = (pattern: RegExp) =>
    eventsOf(ran.events, 'log').flatMap((event) => {
      const found = pattern.exec(event.text);
      return found === null ? [] : [{ ...event, found: found.slice(1) }];
    });

  it('pass, started in their own folders with what the build made at the root', () => {
    assert.equal(ran.observation.outcome, 'pass', ran.observation.cause);
    const starts = said(/\/services\/(\S+) was given (\S+)$/);
    const places = starts.map(({ nodeId, service, found }) => `${nodeId} ${service} ${found[0]}`);
    assert.deepEqual(places.sort(), [
      'n0 api api/api',
      'n0 web api/web',
      'n1 api api/api',
      'n1 web api/web',
    ]);
  });

  it('are packed once, and laid out once on each node', async () => {
    const [api, web] = packedServices(product.capsule.manifest);
    assert.deepEqual(api?.archive, web?.archive);
    assert.ok(api?.chunks !== undefined && web !== undefined && !('chunks' in web));
    const folders = await readdir(path.join(ran.options.runFolder, 'nodes', 'n1', 'services'));
    assert.deepEqual(folders, ['api']);
  });

  it('are built once for both, with the variables they agree on', () => {
    const made = said(/^made (\S+), told (\S+)$/);
    const { isolation } = ran.observation.environment;
    // Where builds have paths of their node alone, each node has its own.
    assert.equal(made.length, isolation === 'full' ? 1 : 2);
    assert.ok(made.every(({ found }) => found[1] === 'undefined'));
    const stamps = new Set(said(/was given (\S+)$/).map(({ found }) => found[0]));
    assert.deepEqual(stamps, new Set(made.map(({ found }) => found[0])));
  });

  it('are compared with what was signed, each by its name', () => {
    const held = ran.observation.invariants.find(({ name }) => name === 'runs-signed-content');
    assert.equal(held?.observed, 'held', held?.details);
  });
});

describe('runtime/real: a shared root that drifts on one node', () => {
  it('is found there for the service that drifted, and for no other one', async () => {
    const service = (name: string, port: number) => ({
      ...healthyService(name, { root: '.', ports: { http: port } }),
    });
    const product = await createTinyProduct([service('api', 4_000), service('web', 4_001)], {
      'shared.txt': 'signed',
    });
    try {
      const { capsule, commit } = await product.driftedAt('api', '../shared.txt', 'other');
      const plan = {
        params: { nodes: 2, latencyMs: [1, 2] as [number, number], verifySignatures: false },
        drift: [{ node: 'n1', service: 'api', commit }],
      };
      const { observation } = await rehearse(product, plan, {
        drifted: new Map([['n1', capsule]]),
      });
      const content = observation.invariants.find(({ name }) => name === 'runs-signed-content');
      assert.deepEqual(
        [content?.observed, content?.details],
        ['violated', 'n1 ran other content than was signed as "api".'],
      );
    } finally {
      await product.dispose();
    }
  });
});
