import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { createTinyProduct, type TinyProduct } from '../../support/tinyProduct.ts';

/** Its own node finds it healthy, and no other one finds it. */
const STORE = `
import { createServer } from 'node:http';
createServer((_, response) => response.end()).listen(7301, '127.0.0.1');
`;

/** Ends when the store of another node does not take its connection. */
const FRONT = `
import { connect } from 'node:net';
connect(7301, 'store');
`;

const TIMES = { intervalMs: 30, timeoutMs: 1_000, deadlineMs: 20_000 };
const REASON =
  'Service "store" listens on 127.0.0.1 only (port 7301) on n1, where no other node reaches it: have it listen on 0.0.0.0.';

const suite = wireHindrance() === undefined ? describe : describe.skip;
suite('runtime/real: a service that listens on loopback only (needs a TUN device)', () => {
  let product: TinyProduct;
  let run: RealRun;

  before(async () => {
    const there = { name: 'there', metric: 'availability-percent', comparator: '>=' };
    const health = (port: string) => ({ tcp: { port }, ...TIMES });
    product = await createTinyProduct([
      {
        ...{ name: 'front', files: { 'server.mjs': FRONT } },
        entry: { ports: { http: 7302 }, health: health('http'), dependsOn: ['store'] },
      },
      {
        ...{ name: 'store', files: { 'server.mjs': STORE } },
        entry: {
          ...{ ports: { http: 7301 }, health: health('http') },
          objectives: [{ ...there, threshold: 99 }],
        },
      },
    ]);
    run = await rehearse(product, {
      params: { nodes: 3, latencyMs: [1, 2] },
      placement: { front: ['n0'], store: ['n1'] },
      failOnObjectives: true,
    });
  });
  after(() => product.dispose());

  it('is named by the failure of the node that it refused, with what to do', () => {
    const { outcome, cause = '' } = run.observation;
    assert.equal(outcome, 'fail');
    assert.match(
      cause,
      /^Service "front" on n0 exited .* It said: .*ECONNREFUSED 10\.99\.0\.2:7301/,
    );
    assert.ok(cause.endsWith(` ${REASON}`), cause);
  });

  it('is named by the objective that others missed it for', () => {
    const objectives = run.observation.invariants.find(({ name }) => name === 'objectives-met');
    assert.equal(objectives?.details, `Missed: store: there (by probes). ${REASON}`);
  });

  it('is told of once in the log', () => {
    const told = eventsOf(run.events, 'log').filter(({ text }) => text.includes('127.0.0.1 only'));
    assert.deepEqual(
      told.map(({ nodeId, service, text }) => [nodeId, service, text]),
      [['n1', 'store', REASON]],
    );
  });
});
