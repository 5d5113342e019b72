import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { PeerProbes } from '../../../src/agent/services/peerProbes.ts';
import type { Manifest } from '../../../src/model/capsule.ts';

/** What is asked of a service, in its registry's words. */
const TIMES = { intervalMs: 200, timeoutMs: 1, deadlineMs: 1 };
const SERVICES = [
  { name: 'web', health: { http: { port: 'http', path: '/healthz' }, ...TIMES } },
  { name: 'store', health: { tcp: { port: 'http' }, ...TIMES } },
] as unknown as Manifest['services'];
const [WEB, STORE] = [0, 1];

describe('agent/services: probes of services of other nodes', () => {
  let server: Server;
  let asked: string[];
  let to: { host: string; port: number }[];
  let failure: Error | undefined;
  let probes: PeerProbes;

  beforeEach(async () => {
    asked = [];
    to = [];
    failure = undefined;
    server = createServer((request, response) => {
      asked.push(`${request.headers.host ?? ''} ${request.url ?? ''}`);
      // Longer than a health check of its own node may take.
      setTimeout(() => response.end(), 20);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    probes = new PeerProbes({
      services: SERVICES,
      ports: [{}, { web: { http: 7301 }, store: { http: 6379 } }],
      doorway: {
        connectTo: (host, asked) => {
          to.push({ host, port: asked });
          return failure === undefined
            ? Promise.resolve(net.connect(port, '127.0.0.1'))
            : Promise.reject(failure);
        },
      },
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const failing = (code: string) => {
    failure = Object.assign(new Error(`connect ${code}`), { code });
  };

  it('go to the address of the node and the port of the registry, for whom its callers call', async () => {
    assert.equal(await probes.ask(1, WEB), 'passed');
    assert.equal(await probes.ask(1, STORE), 'passed');
    assert.deepEqual(to, [
      { host: '10.99.0.2', port: 7301 },
      { host: '10.99.0.2', port: 6379 },
    ]);
    assert.deepEqual(asked, ['web:7301 /healthz']);
    assert.deepEqual(probes.unreached(), []);
  });

  it('fail when nobody takes the connection, and say of a service that never did what was seen last', async () => {
    failing('ECONNREFUSED');
    assert.equal(await probes.ask(1, WEB), 'refused');
    failing('EHOSTUNREACH');
    assert.equal(await probes.ask(1, WEB), 'failed');
    assert.deepEqual(probes.unreached(), [
      'None of 2 probes of "web" of n1 over the wire passed, at last: connect EHOSTUNREACH.',
    ]);
  });

  it('say nothing about a service when this node has no door any more, or has ended', async () => {
    failing('EPIPE');
    assert.equal(await probes.ask(1, WEB), undefined);
    failure = undefined;
    const late = probes.ask(1, WEB);
    probes.close();
    assert.equal(await late, undefined);
    assert.deepEqual(probes.unreached(), []);
  });
});
