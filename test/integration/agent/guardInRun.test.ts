import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MeshEvent } from '../../../src/model/events.ts';
import { eventsOf, rehearse } from '../../support/realRun.ts';
import {
  createTinyProduct,
  HEALTHY_SERVER,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';

const DENY = ['*.prod.example', '10.99.0.0/16', 'bank.example:443'];

/** Without what says whom the guard keeps away. */
function attemptsIn(events: readonly MeshEvent[]) {
  return eventsOf(events, 'guard').filter(({ status }) => status === 'denied');
}

for (const namespace of ['off', 'auto'] as const) {
  describe(`agent/guard: in a run, namespace ${namespace}`, () => inARun(namespace));
}

function inARun(namespace: 'off' | 'auto'): void {
  const products: TinyProduct[] = [];
  afterEach(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  async function runWith(code: string, entry: TinyService['entry'] = {}) {
    const product = await createTinyProduct([
      { name: 'web', files: { 'server.mjs': code, 'build.mjs': code }, entry },
    ]);
    products.push(product);
    return rehearse(product, {}, { guard: { deny: DENY, namespace, ports: [] } });
  }

  it('fails the run with the sentence of the attempt, also when the service dies over it', async () => {
    const code = `await fetch('https://api.prod.example/orders', { method: 'POST' });`;
    const { observation, events } = await runWith(code);
    assert.equal(observation.outcome, 'fail');
    assert.match(
      observation.cause ?? '',
      /^Service "web" on n\d tried to reach api\.prod\.example:443, a production endpoint/,
    );
    const [event] = attemptsIn(events);
    assert.equal(event?.details, observation.cause);
    assert.deepEqual([event?.service, event?.host, event?.port], ['web', 'api.prod.example', 443]);
  });

  it('fails the run of a service that goes on as if nothing had happened', async () => {
    const code = `import net from 'node:net';${HEALTHY_SERVER}
      net.connect(80, '10.99.7.7').on('error', () => console.log('no matter'));`;
    const { observation, events } = await runWith(code);
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /tried to reach 10\.99\.7\.7:80/);
    const nodes = new Set(attemptsIn(events).map(({ nodeId }) => nodeId));
    assert.deepEqual([...nodes].sort(), ['n0', 'n1']);
  });

  it('sees an attempt that is made while the service is stopped', async () => {
    const code = `import net from 'node:net';${HEALTHY_SERVER.replace(
      'process.exit(0)',
      `net.connect(80, '10.99.7.7').on('error', () => process.exit(0))`,
    )}`;
    const { observation } = await runWith(code);
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /tried to reach 10\.99\.7\.7:80/);
  });

  it('watches builds too', async () => {
    const code = `import net from 'node:net';
      net.connect(80, 'packages.prod.example').on('error', () => process.exit(0));`;
    const { observation } = await runWith(code, { build: ['node', 'build.mjs'] });
    assert.match(observation.cause ?? '', /tried to reach packages\.prod\.example:80/);
  });

  it('passes a service that reaches nothing of production', async () => {
    const { observation, options } = await runWith(HEALTHY_SERVER);
    assert.equal(observation.outcome, 'pass', observation.cause);
    const attempts = path.join(options.runFolder, 'nodes/n0/guard/web.ndjson');
    await assert.rejects(readFile(attempts), { code: 'ENOENT' });
  });
}
