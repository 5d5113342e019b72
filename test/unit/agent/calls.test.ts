import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CallLog } from '../../../src/agent/guard/callLog.ts';
import { calledPlaces, type CalledPlace } from '../../../src/agent/guard/calledPlaces.ts';
import { Guard } from '../../../src/agent/guard/guard.ts';
import type { CallsLine } from '../../../src/agent/guard/orders.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const run = promisify(execFile);
const HOOK = path.join(import.meta.dirname, '../../../src/agent/guard/hook.ts');

describe('agent/guard: the ways from a node to services whose calls are measured', () => {
  const places = (index: number, isWired: boolean) =>
    calledPlaces({
      launch: { index, nodes: 3, services: { places: { pay: [2, 1] } } as never },
      called: ['pay'],
      ports: { pay: { http: 7303 } },
      isWired,
    }).map(
      ({ service, nodes, hosts, port }) => `${service}:${port} n${nodes.join()} ${hosts.join()}`,
    );

  it('are the name for all nodes that run it and the address of each, where it runs elsewhere', () => {
    assert.deepEqual(places(0, true), [
      'pay:7303 n2 n2,n2.mesh,pay.n2,pay.n2.mesh,10.99.0.3',
      'pay:7303 n1 n1,n1.mesh,pay.n1,pay.n1.mesh,10.99.0.2',
      'pay:7303 n2,1 pay,pay.mesh',
    ]);
    assert.deepEqual(places(0, false), []);
  });

  it('are the node itself by name and loopback where it runs there', () => {
    const own =
      'pay:7303 n1 127.0.0.1,localhost,::1,pay,pay.mesh,n1,n1.mesh,pay.n1,pay.n1.mesh,10.99.0.2';
    assert.deepEqual(places(1, false), [own]);
    assert.deepEqual(places(1, true), [own, 'pay:7303 n2 n2,n2.mesh,pay.n2,pay.n2.mesh,10.99.0.3']);
  });
});

describe("agent/guard: the calls of a node's services to others", () => {
  let folder: string;
  let guard: Guard;
  let api: Server;
  let other: Server;
  let port: number;
  let told: [place: CalledPlace, line: CallsLine][];

  beforeEach(async () => {
    folder = await temporaryFolder();
    api = await listening();
    other = await listening();
    port = portOf(api);
    told = [];
    const calls = new CallLog({
      called: () => [
        { id: 0, service: 'api', nodes: [0], hosts: ['localhost', '127.0.0.1', '::1'], port },
        // What a name of the mesh is to a caller, and the address of one of the nodes it stands for.
        { id: 1, service: 'pay', nodes: [1, 2], hosts: ['pay.test'], port },
        { id: 2, service: 'pay', nodes: [2], hosts: ['127.0.0.3'], port },
        { id: 3, service: 'pay', nodes: [1], hosts: [SILENT], port },
      ],
      file: path.join(folder, 'calls.ndjson'),
      onCalls: (place, line) => told.push([place, line]),
    });
    const onDenied = () => assert.fail('nothing is denied');
    guard = new Guard({
      deny: [],
      hook: HOOK,
      folder: path.join(folder, 'guard'),
      onDenied,
      calls,
    });
  });
  afterEach(async () => {
    guard.stop();
    for (const server of [api, other]) server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a module as `service` to its end, and returns what its calls were. */
  async function callsOf(code: string, service = 'web') {
    const file = path.join(folder, 'caller.mjs');
    await writeFile(file, `import http from 'node:http';\n${GET}\n${code}`);
    await run(process.execPath, [file], { env: guard.env(service, {}) });
    guard.read();
    assert.ok(told.every(([place, line]) => place.id === line.place));
    return told.flatMap(([, { calls }]) => calls);
  }

  const nodesTold = () => told.map(([{ service, nodes }]) => `${service} ${nodes.join()}`);

  const clients: [name: string, code: (url: string) => string][] = [
    ['node:http', (url) => `await get('${url}');`],
    ['fetch', (url) => `await fetch('${url}').then((answer) => answer.text(), () => undefined);`],
  ];
  for (const [name, call] of clients) {
    it(`are measured when made with ${name}: when, how long, and whether they succeeded`, async () => {
      const url = `http://127.0.0.1:${port}`;
      const before = systemClock.monotonic();
      const calls = await callsOf(
        [`${url}/slow`, `${url}/missing`, `${url}/broken`, `${url}/abort`].map(call).join('\n'),
      );
      assert.deepEqual(
        calls.map(({ ok }) => ok),
        [true, true, false, false],
      );
      const [slow] = calls;
      assert.ok(slow !== undefined && slow.ms >= 99, `${slow?.ms} ms`);
      assert.ok(slow.at > before && slow.at + slow.ms < systemClock.monotonic());
    });

    it(`fail when made with ${name} and nobody listens, or an answer takes over 3 s`, async () => {
      const url = `http://localhost:${port}`;
      const late = await callsOf(call(`${url}/patience`));
      assert.deepEqual(
        late.map(({ ok, ms }) => [ok, ms >= 3_000]),
        [[false, true]],
      );
      told = [];
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
      assert.deepEqual(
        (await callsOf(call(url))).map(({ ok }) => ok),
        [false],
      );
    });

    it(`are attributed to the node they reach, made with ${name} by a name that stands for several`, async () => {
      const calls = await callsOf(RESOLVING + call(`http://pay.test:${port}/`), 'web');
      assert.deepEqual([nodesTold(), calls.map(({ ok }) => ok)], [['pay 2'], [true]]);
    });

    it(`are attributed to the node they try to reach, made with ${name} and given up`, async () => {
      const url = `http://${SILENT}:${port}/`;
      const code =
        name === 'fetch'
          ? `await fetch('${url}', { signal: AbortSignal.timeout(200) }).catch(() => undefined);`
          : `await get('${url}', { timeout: 1, signal: AbortSignal.timeout(200) });`;
      const calls = await callsOf(code);
      assert.deepEqual([nodesTold(), calls.map(({ ok }) => ok)], [['pay 1'], [false]]);
    });

    it(`are not measured elsewhere, nor of a service to itself, with ${name}`, async () => {
      assert.deepEqual(await callsOf(call(`http://127.0.0.1:${portOf(other)}/secret`)), []);
      assert.deepEqual(await callsOf(call(`http://127.0.0.1:${port}/`), 'api'), []);
    });
  }

  it('are measured whatever Host a caller claims, on connections that are used again', async () => {
    const options = `{ port: ${port}, agent, headers: { host: 'shop.example' } }`;
    const calls = await callsOf(
      `const agent = new http.Agent({ keepAlive: true });
       for (let i = 0; i < 3; i += 1) await get(${options});
       agent.destroy();`,
    );
    assert.equal(calls.length, 3);
  });

  it('are bounded, and those left out are counted', async () => {
    const calls = await callsOf(
      `await Promise.all(Array.from({ length: 100 }, () => get('http://127.0.0.1:${port}/together')));`,
    );
    const dropped = told.reduce((sum, [, line]) => sum + line.dropped, 0);
    assert.ok(dropped > 0, `${calls.length} measured`);
    assert.equal(calls.length + dropped, 100);
  });

  it('are told once, with nothing of what was asked, whatever else is in the file', async () => {
    const file = path.join(folder, 'calls.ndjson');
    await appendFile(
      file,
      `nonsense\n{"place":9,"calls":[],"dropped":0}\n${'x'.repeat(200_000)}\n`,
    );
    for (let i = 0; i < 5; i += 1) guard.read();
    const calls = await callsOf(`await get('http://127.0.0.1:${port}/secret');`);
    guard.read();
    assert.equal(calls.length, 1);
    assert.equal(told.length, 1);
    assert.ok(!JSON.stringify(told).includes('secret'));
  });
});

/** Of documentation (RFC 5737): nobody answers there, however a machine finds out. */
const SILENT = '192.0.2.1';

/** Lets the name stand for an address of this machine, where everybody listens for this test. */
const RESOLVING = `
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
const lookup = dns.lookup;
dns.lookup = (name, options, done) =>
  name === 'pay.test'
    ? options.all ? done(null, [{ address: '127.0.0.3', family: 4 }]) : done(null, '127.0.0.3', 4)
    : lookup(name, options, done);
syncBuiltinESMExports();
`;

/** Resolves when the answer has ended or there is none. */
const GET = `
const get = (...to) => new Promise((resolve) => {
  http.get(...to, (answer) => answer.resume().on('end', resolve)).on('error', resolve);
});`;

const DELAY_MS: Readonly<Record<string, number>> = { '/slow': 100, '/patience': 3_500 };

async function listening(): Promise<Server> {
  const waiting: ServerResponse[] = [];
  /** Answers when 100 have asked. */
  const together = (response: ServerResponse) => {
    if (waiting.push(response) === 100) for (const one of waiting) one.end();
  };
  const server = createServer((request, response) => {
    if (request.url === '/abort') response.destroy();
    if (request.url === '/broken') response.statusCode = 500;
    if (request.url === '/missing') response.statusCode = 404;
    if (request.url === '/together') together(response);
    else setTimeout(() => response.end('ok'), DELAY_MS[request.url ?? '']);
  });
  server.listen(0, '0.0.0.0');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
