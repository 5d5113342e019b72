import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { sealRun } from '../../../src/evidence/seal.ts';
import { signingKeyOf } from '../../../src/signing/keys.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import {
  createTinyProduct,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';
import { wireHindrance } from '../../support/talkingService.ts';

const TIMES = { intervalMs: 30, timeoutMs: 1_000, deadlineMs: 30_000 };

/** Answers everybody, and says what it is told of names. */
const STORE = `
import { createServer } from 'node:http';
import { lookup } from 'node:dns/promises';
createServer((_, response) => response.end(process.env.NODE)).listen(7301, '0.0.0.0');
const found = await lookup('front', { all: true, family: 4 }).catch((error) => [{ address: error.code }]);
console.log('front ' + found.map(({ address }) => address).join(' '));
`;

/** Is healthy while the store of another node answers. Names what it finds. */
const FRONT = `
import { createServer, get } from 'node:http';
import { lookup } from 'node:dns/promises';
createServer((_, response) => {
  get('http://store:7301/', (answer) => { response.statusCode = answer.statusCode; response.end(); answer.resume(); })
    .on('error', () => { response.statusCode = 503; response.end(); });
}).listen(7302, '0.0.0.0');
console.log('peers ' + process.env.PEERS);
for (const name of ['store', 'store.n1', 'store.n0', 'front', 'front.n2']) {
  const found = await lookup(name, { all: true, family: 4 }).catch((error) => [{ address: error.code }]);
  console.log(name + ' ' + found.map(({ address }) => address).join(' '));
}
`;

const THERE = { name: 'there', metric: 'availability-percent', comparator: '>=', threshold: 99 };
/** Nodes ask for both, and whoever asks for the front has it call the store. */
const OBJECTIVES: Readonly<Record<string, readonly object[]>> = {
  front: [THERE],
  store: [
    THERE,
    {
      ...{ name: 'quick for the front', metric: 'latency-p95-ms', comparator: '<=' },
      ...{ threshold: 10_000, measuredBy: 'calls' },
    },
  ],
};

function service(name: string, source: string, port: number, dependsOn: string[]): TinyService {
  return {
    name,
    files: { 'server.mjs': source },
    entry: {
      env: {
        NODE: '${node.id}',
        PEERS: '${node.address} ${peers:store.http} ${peers:front.http|{id}@{host}}',
      },
      ports: { http: port },
      health: { http: { port: 'http', path: '/' }, ...TIMES },
      objectives: OBJECTIVES[name],
      dependsOn,
    },
  };
}

function saidBy(events: readonly MeshEvent[], nodeId: string, service: string): string[] {
  return eventsOf(events, 'log').flatMap((event) =>
    event.nodeId === nodeId && event.service === service ? [event.text] : [],
  );
}

const suite = wireHindrance() === undefined ? describe : describe.skip;
suite('runtime/real: services placed on some nodes (needs a TUN device)', () => {
  let product: TinyProduct;
  let run: RealRun;
  const placement = { store: ['n1', 'n2'], front: ['n0'] };

  before(async () => {
    product = await createTinyProduct([
      service('front', FRONT, 7302, ['store']),
      service('store', STORE, 7301, []),
    ]);
    const params = { nodes: 4, latencyMs: [5, 5] as [number, number] };
    // Production has addresses that nodes have among each other.
    const guard = { deny: ['10.*'], namespace: 'auto', ports: [] } as const;
    run = await rehearse(product, { params, placement }, { guard });
  });
  after(() => product.dispose());

  const indicator = (name: string) => run.observation.indicators.find((one) => one.name === name);

  it('run there and nowhere else, and reach each other by name', () => {
    const { observation, events } = run;
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.deepEqual(observation.ran, [
      { nodeId: 'n0', services: ['front'] },
      { nodeId: 'n1', services: ['store'] },
      { nodeId: 'n2', services: ['store'] },
      { nodeId: 'n3', services: [] },
    ]);
    const told = saidBy(events, 'n0', 'front');
    const [peers = '', store = ''] = told;
    assert.equal(peers, 'peers 10.99.0.1 10.99.0.2:7301,10.99.0.3:7301 n0@10.99.0.1');
    assert.deepEqual(store.split(' ').sort(), ['10.99.0.2', '10.99.0.3', 'store']);
    assert.deepEqual(told.slice(2), [
      ...['store.n1 10.99.0.2', 'store.n0 ENOTFOUND', 'front 127.0.0.1', 'front.n2 ENOTFOUND'],
    ]);
    assert.deepEqual(saidBy(events, 'n2', 'store'), ['front 10.99.0.1']);
  });

  it('reach each other at addresses that production has too, since these lead to nodes there', () => {
    assert.deepEqual(
      eventsOf(run.events, 'guard').filter(({ status }) => status === 'denied'),
      [],
    );
    assert.ok(eventsOf(run.events, 'connections').length > 0);
  });

  it('start once those of other nodes are healthy that they depend on', () => {
    const at = (name: string, status: string) =>
      eventsOf(run.events, 'service').find((one) => one.service === name && one.status === status)
        ?.at ?? NaN;
    assert.ok(at('front', 'starting') >= at('store', 'healthy'));
  });

  it('leave a node without services healthy, with the whole Capsule', () => {
    const { nodeReports, recovery, invariants } = run.observation;
    const idle = nodeReports[3];
    assert.equal(idle?.signatureVerified, true);
    assert.deepEqual(
      idle.phases.map(({ name, status }) => [name, status]),
      ['boot', 'verify', 'receive', 'start', 'healthy'].map((name) => [name, 'ok']),
    );
    assert.equal(recovery[3]?.crashes, 0);
    const told = (name: string) => invariants.find((one) => one.name === name)?.details ?? '';
    assert.match(told('converged'), /all 4 reachable nodes are healthy: each of their 3 services/);
    assert.match(told('runs-signed-content'), /All 3 nodes that ran services/);
  });

  it('are asked for over the wire by all nodes, those without services too', () => {
    const there = indicator('store: there');
    assert.deepEqual(
      [there?.name, there?.over, there?.value],
      ['store: there', 'wire', 100],
      JSON.stringify(run.observation.indicators),
    );
    // A node that asked over the protocol would leave it unmeasured.
    const asked = eventsOf(run.events, 'probes').filter(({ by }) => by === undefined);
    assert.ok(asked.every(({ over }) => over === 'wire'));
  });

  it('are measured by what services of other nodes see of them when they call them by name', () => {
    const quick = indicator('store: quick for the front');
    assert.deepEqual([quick?.measuredBy, quick?.over], ['calls', undefined]);
    // There and back; the connection may have been open.
    assert.ok(quick !== undefined && quick.value >= 10, `${quick?.value} ms`);
    assert.ok(quick.sampleSize >= 20, `${quick.sampleSize} calls`);
    assert.ok(quick.passed);
  });

  it('are sealed with where they ran', () => {
    const { observation, options } = run;
    const key = signingKeyOf(new Uint8Array(32).fill(7));
    const { capsuleHash } = options.capsule;
    const sealed = sealRun({ observation, capsuleHash, packEnvelope: options.packEnvelope, key });
    assert.match(Buffer.from(sealed.statementBytes).toString(), /"ran":\[\{"nodeId":"n0"/);
  });

  it('fail at once where what they depend on has failed on every node that runs it', async () => {
    const failing = await createTinyProduct([
      service('front', FRONT, 7302, ['store']),
      service('store', 'process.exit(3)', 7301, []),
    ]);
    const { observation, events } = await rehearse(failing, {
      placement: { store: ['n1'], front: ['n0'] },
    });
    assert.match(observation.cause ?? '', /"store" on n1 exited with code 3/);
    const end = eventsOf(events, 'node').find(
      ({ status, nodeId }) => status === 'failed' && nodeId === 'n0',
    );
    assert.match(
      end?.details ?? '',
      /n0 cannot start: "store", which its services depend on, runs on n1 only, and failed there\./,
    );
    await failing.dispose();
  });

  it('are refused on a node that has no wire, with the reason and the way out', async () => {
    const guard = { deny: [], namespace: 'off', ports: [] } as const;
    const { observation } = await rehearse(
      product,
      { placement: { store: ['n0'], front: ['n0'] } },
      { guard },
    );
    assert.match(
      observation.cause ?? '',
      /takes a wire between nodes: n0 has none, mesh.environments.json has turned namespaces off .* Remove "placement"/,
    );
  });
});
