import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { encode } from 'dns-packet';
import { nameServers } from '../../../src/agent/box/gateway.ts';
import { Guard } from '../../../src/agent/guard/guard.ts';
import { openNodeBox, type NodeBox } from '../../../src/agent/box/nodeBox.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { DIST } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { eventsOf, rehearse, type RealRun } from '../../support/realRun.ts';
import {
  createTinyProduct,
  healthyService,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';

const DENY = ['*.prod.example', '10.99.0.0/16', 'bank.example:443'];

/** bash connects and looks names up without any Node.js: its /dev/tcp is connect(2) and getaddrinfo(3). */
const connectTo = (host: string, port: number) => `exec 3<>/dev/tcp/${host}/${port}`;

describe('agent/box: a network of its own', () => {
  let folder: string;
  let guard: Guard;
  let opened: NodeBox;
  let isOpen = false;
  let server: net.Server;
  let port: number;
  const denied: string[] = [];

  beforeEach(async function () {
    folder = await temporaryFolder();
    denied.length = 0;
    isOpen = false;
    server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ({ port } = server.address() as net.AddressInfo);
    guard = new Guard({
      deny: DENY,
      hook: path.join(DIST, 'guard.cjs'),
      folder: path.join(folder, 'guard'),
      onDenied: (service, to) => denied.push(`${service ?? '?'} ${to.host}:${to.port ?? ''}`),
    });
    const found = await openNodeBox({
      door: path.join(DIST, 'door.cjs'),
      index: 0,
      meshAddresses: () => undefined,
      folder,
      cover: [],
      deny: DENY,
      owners: new Map(),
      ports: [443, port],
      onDenied: (service, attempt) => guard.denied(service, attempt),
      lookup: (name) =>
        name.startsWith('no.')
          ? Promise.reject(new Error('no such name'))
          : Promise.resolve([{ address: /^[\d.]+$/.test(name) ? name : '127.0.0.1', family: 4 }]),
    });
    if ('unavailable' in found) this.skip();
    opened = found;
    isOpen = true;
  });
  afterEach(async () => {
    if (isOpen) await opened.close();
    guard.stop();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a shell command inside prints; whatever it meets is part of that. */
  async function inside(command: string): Promise<string> {
    const { file, args } = opened.box.commandInside(
      '/bin/bash',
      ['-c', `exec 2>&1; ${command}`],
      folder,
    );
    const env = guard.env('web', { PATH: '/usr/bin:/bin' });
    const child = execFile(file, args, { cwd: folder, env });
    let said = '';
    child.stdout?.on('data', (text: string) => (said += text));
    await new Promise((resolve) => child.once('close', resolve));
    return said;
  }
  const saidBack = (host: string) =>
    inside(`{ ${connectTo(host, port)} && echo hello >&3 && head -n 1 <&3; }`);

  const attempts: [what: string, host: string, port: number, told: string][] = [
    ['the name of a denied host', 'db.prod.example', 5432, 'web db.prod.example:'],
    ['an address in a denied block', '10.99.3.4', 443, 'web 10.99.3.4:443'],
    ['a host at its denied port', 'bank.example', 443, 'web bank.example:443'],
  ];
  for (const [what, host, to, told] of attempts) {
    it(`refuses a program that is not Node.js ${what}, and says which service it was`, async () => {
      const said = await inside(`${connectTo(host, to)}; head -c 1 <&3`);
      assert.match(said, /not known|resol|refused|reset/i);
      assert.deepEqual(denied, [told]);
    });
  }

  it('tells of a question for the mail or the services of a denied host', async () => {
    const name = '_db._tcp.db.prod.example';
    const query = encode({ type: 'query', id: 1, questions: [{ type: 'SRV', name }] });
    const bytes = query.toString('hex').replaceAll(/../g, String.raw`\x$&`);
    const server = `/dev/udp/${nameServers()[0] ?? ''}/53`;
    await inside(`exec 3<>${server}; printf '${bytes}' >&3; head -c 12 <&3 >/dev/null`);
    assert.deepEqual(denied, ['web _db._tcp.db.prod.example:']);
  });

  it('passes other names on to the host, both ways', async () => {
    assert.equal(await saidBack('shop.example'), 'hello\n');
    assert.equal(await saidBack('bank.example'), 'hello\n');
    assert.deepEqual(denied, []);
  });

  it('reaches what listens on the loopback interface of the host, at the ports it has', async () => {
    assert.equal(await saidBack('127.0.0.1'), 'hello\n');
    server.close();
    assert.match(await saidBack('127.0.0.1'), /reset|^$/);
  });

  it('has no name for what does not exist, and refuses ports it has not', async () => {
    assert.match(await inside(connectTo('no.example', 443)), /not known|resol/i);
    assert.match(await inside(connectTo('192.0.2.1', 7777)), /refused/i);
    assert.deepEqual(denied, []);
  });

  it('leaves user and environment of a program as they are, and shows it its folder', async () => {
    assert.equal(
      await inside('echo "$(id -u) $PWD $MESH_SIM_GUARD"'),
      `${process.getuid?.() ?? ''} ${opened.box.view?.place ?? folder} ${guard.env('web', {}).MESH_SIM_GUARD ?? ''}\n`,
    );
  });

  it('connects the host with what listens inside, and nobody else does', async () => {
    const { file, args } = opened.box.commandInside(
      process.execPath,
      [
        '-e',
        `require('net').createServer((s) => s.end('inside')).listen(${port + 1}, '127.0.0.1', () => console.log('up'))`,
      ],
      folder,
    );
    const child = execFile(file, args);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const socket = await opened.box.doorway.connect(port + 1);
    const text = await new Promise((resolve) => socket.once('data', resolve));
    assert.equal(String(text), 'inside');
    await assert.rejects(opened.box.doorway.connect(port + 2), { code: 'ECONNREFUSED' });
    const outside = net.connect(port + 1, '127.0.0.1');
    const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
      outside.once('error', resolve),
    );
    assert.equal(error.code, 'ECONNREFUSED');
    child.kill();
  });

  it('ends its door when the agent lets go of it', async () => {
    const { pid } = opened.box;
    await opened.close();
    await assert.rejects(opened.box.doorway.connect(port), { code: 'EPIPE' });
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
});

describe('agent/box: services of a run in networks of their own', () => {
  const products: TinyProduct[] = [];
  afterEach(async () => {
    for (const product of products.splice(0)) await product.dispose();
  });

  /** Skips the test where the machine has no such networks. */
  async function rehearsed(
    test: Mocha.Context,
    services: readonly TinyService[],
    plan: Partial<PlanInput> = {},
    secrets: ReadonlyMap<string, string> = new Map(),
  ): Promise<RealRun> {
    const product = await createTinyProduct(services);
    products.push(product);
    const done = await rehearse(product, plan, {
      guard: { deny: DENY, namespace: 'auto', ports: [] },
      secrets,
    });
    const scopes = eventsOf(done.events, 'guard').map(({ status }) => status);
    if (scopes.includes('nodejs-programs')) test.skip();
    assert.ok(scopes.includes('all-programs'));
    return done;
  }
  const bash = (script: string) => ['bash', '-c', script];
  const onPath = { PORT: '${port:http}', PATH: '${host.path}' };

  it('fails a run in which a program that is not Node.js tries to reach production', async function () {
    const start = bash(`(${connectTo('db.prod.example', 5432)}); exec node server.mjs`);
    const web = healthyService('web', { start, env: onPath });
    const { observation, events } = await rehearsed(this, [web]);
    assert.equal(observation.outcome, 'fail');
    assert.match(
      observation.cause ?? '',
      /^Service "web" on n\d tried to reach db\.prod\.example, a production endpoint/,
    );
    const attempt = eventsOf(events, 'guard').find(({ status }) => status === 'denied');
    assert.deepEqual([attempt?.service, attempt?.host], ['web', 'db.prod.example']);
  });

  for (const [how, spelling] of [
    ['as the vault has it', '$TOKEN'],
    ['in lower case', '${TOKEN,,}'],
  ] as const) {
    it(`masks a secret in a name, ${how}`, async function () {
      const secret = 'Xk9SecretValue';
      const start = bash(
        `(${connectTo(`${spelling}.db.prod.example`, 5432)}) 2>/dev/null; exec node server.mjs`,
      );
      const web = healthyService('web', { start, env: onPath, secrets: ['TOKEN'] });
      const secrets = new Map([['TOKEN', secret]]);
      const { observation, events } = await rehearsed(this, [web], {}, secrets);
      const told = JSON.stringify([observation, events]).toLowerCase();
      assert.ok(!told.includes(secret.toLowerCase()));
      assert.match(observation.cause ?? '', /tried to reach \*\*\*\.db\.prod\.example/);
    });
  }

  it('sees builds that are not Node.js as well', async function () {
    const build = bash(`(${connectTo('10.99.1.1', 80)}); true`);
    const web = healthyService('web', { build, env: onPath });
    const { observation } = await rehearsed(this, [web]);
    assert.match(observation.cause ?? '', /tried to reach 10\.99\.1\.1:80/);
  });

  it('ends though other nodes wait for their turn to build, when a build that goes on was refused', async function () {
    const build = bash(`(${connectTo('10.99.1.1', 80)}); exec sleep 600`);
    const web = healthyService('web', { build, env: onPath });
    const { observation } = await rehearsed(this, [web]);
    assert.match(observation.cause ?? '', /tried to reach 10\.99\.1\.1:80/);
  });

  it('probes and connects services of every sort, and starts anew after a crash', async function () {
    const probe = { intervalMs: 20, timeoutMs: 1_000, deadlineMs: 15_000 };
    const call = bash(
      'exec 3<>/dev/tcp/127.0.0.1/$API && printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && grep -q ok <&3',
    );
    const { observation } = await rehearsed(
      this,
      [
        healthyService('api', { health: { tcp: { port: 'http' }, ...probe } }),
        healthyService('door', {
          dependsOn: ['api'],
          env: { ...onPath, API: '${service:api.http}' },
          health: { command: call, ...probe },
        }),
        healthyService('web', { dependsOn: ['door'] }),
      ],
      { params: { nodes: 3, latencyMs: [5, 10] }, chaos: { preset: 'crash-mid-deploy' } },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.ok(observation.recovery.some(({ crashes }) => crashes > 0));
  });
});
