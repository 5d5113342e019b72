import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { Guard } from '../../../src/agent/guard/guard.ts';
import { DIST } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const run = promisify(execFile);
const DENY = ['*.prod.example', '10.99.0.0/16', 'bank.example:443'];

describe('agent/guard: the hook in a process', () => {
  let folder: string;
  let guard: Guard;
  const denied: string[] = [];
  beforeEach(async () => {
    folder = await temporaryFolder();
    denied.length = 0;
    guard = new Guard({
      deny: DENY,
      hook: path.join(DIST, 'guard.cjs'),
      folder: path.join(folder, 'guard'),
      onDenied: (service, { host, port }) => denied.push(`${service} ${host}:${port ?? ''}`),
    });
  });
  afterEach(async () => {
    guard.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a module that prints what became of an attempt, and returns what it printed. */
  async function outcomeOf(code: string, env: Record<string, string> = {}): Promise<string> {
    const file = path.join(folder, 'attempt.mjs');
    await writeFile(file, code);
    const { stdout } = await run(process.execPath, [file], {
      cwd: folder,
      env: guard.env('web', env),
    });
    guard.read();
    return stdout.trim();
  }

  const attempts: [name: string, code: string, told: string][] = [
    [
      'net.connect',
      `import net from 'node:net';
       net.connect(5432, 'db.prod.example').on('error', (e) => console.log(e.code, e.message));`,
      'web db.prod.example:5432',
    ],
    [
      'net.connect to an address',
      `import net from 'node:net';
       net.connect({ host: '10.99.3.4', port: 80 }).on('error', (e) => console.log(e.code, e.message));`,
      'web 10.99.3.4:80',
    ],
    [
      'an IPv4 address written as IPv6',
      `import net from 'node:net';
       net.connect({ host: '::ffff:10.99.3.4', port: 80 }).on('error', (e) => console.log(e.code, e.message));`,
      'web ::ffff:10.99.3.4:80',
    ],
    [
      'tls.connect',
      `import tls from 'node:tls';
       tls.connect({ host: 'bank.example', port: 443 }).on('error', (e) => console.log(e.code, e.message));`,
      'web bank.example:443',
    ],
    [
      'https.get',
      `import https from 'node:https';
       https.get('https://api.prod.example/x').on('error', (e) => console.log(e.code, e.message));`,
      'web api.prod.example:443',
    ],
    [
      'http2.connect',
      `import http2 from 'node:http2';
       http2.connect('https://api.prod.example').on('error', (e) => console.log(e.code, e.message));`,
      'web api.prod.example:443',
    ],
    [
      'fetch',
      `await fetch('http://api.prod.example:8080/').catch((e) => console.log(e.cause.code, e.cause.message));`,
      'web api.prod.example:8080',
    ],
    [
      'WebSocket',
      `const socket = new WebSocket('ws://api.prod.example/');
       socket.onerror = (e) => console.log('EACCES a simulation may not', e.message);`,
      'web api.prod.example:80',
    ],
    [
      'a name that stands for a denied address',
      `import net from 'node:net';
       const lookup = (host, options, done) => options.all ? done(null, [{ address: '10.99.0.1', family: 4 }]) : done(null, '10.99.0.1', 4);
       net.connect({ host: 'innocent.example', port: 80, lookup }).on('error', (e) => console.log(e.code, e.message));`,
      'web 10.99.0.1:80',
    ],
    [
      'dns.lookup',
      `import { lookup } from 'node:dns';
       lookup('db.prod.example', (e) => console.log(e.code, e.message));`,
      'web db.prod.example:',
    ],
    [
      'dns.promises.resolve4',
      `import { resolve4 } from 'node:dns/promises';
       await resolve4('db.prod.example').catch((e) => console.log(e.code, e.message));`,
      'web db.prod.example:',
    ],
    [
      'a datagram',
      `import dgram from 'node:dgram';
       const socket = dgram.createSocket('udp4');
       socket.send('x', 53, '10.99.0.1', (e) => { console.log(e.code, e.message); socket.close(); });`,
      'web 10.99.0.1:53',
    ],
    [
      'a worker thread',
      `import { Worker } from 'node:worker_threads';
       new Worker("require('net').connect(1, 'x.prod.example').on('error', (e) => console.log(e.code, e.message))", { eval: true });`,
      'web x.prod.example:1',
    ],
    [
      'a child process',
      `import { execFileSync } from 'node:child_process';
       process.stdout.write(execFileSync(process.execPath, ['-e',
         "require('net').connect(1, 'x.prod.example').on('error', (e) => console.log(e.code, e.message))"]));`,
      'web x.prod.example:1',
    ],
  ];
  const NET = `require('net').connect(1, 'x.prod.example').on('error', (e) => console.log(e.code, e.message))`;
  const worker = (options: string, before = ''): string =>
    `import { SHARE_ENV, Worker } from 'node:worker_threads'; ${before}
     new Worker(${JSON.stringify(NET)}, { eval: true, ${options} });`;
  const child = (call: string, before = ''): string =>
    `import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
     import { writeFileSync } from 'node:fs';
     ${before} const code = ${JSON.stringify(NET)}; const { execPath } = process; ${call}`;
  const forget = 'delete process.env.NODE_OPTIONS; delete process.env.MESH_SIM_GUARD;';
  const print = `.on('error', (e) => console.log(e.code, e.message))`;
  attempts.push(
    ...[
      ...['174260996', '0x0a630304', '012.0143.3.4', '10.99.772', '10.99.3.4.'],
      ...['::ffff:a63:304', '::ffff:10.99.3.4%lo'],
    ].map((host): [string, string, string] => [
      `an address written as ${host}`,
      `import net from 'node:net'; net.connect(80, '${host}')${print};`,
      `web ${host}:80`,
    ]),
    ...['174260996', '0X0A.99.3.4', '10.99.772'].map((host): [string, string, string] => [
      `a datagram to ${host}`,
      `import dgram from 'node:dgram';
       const socket = dgram.createSocket('udp4');
       socket.send('x', 53, '${host}', (e) => { console.log(e.code, e.message); socket.close(); });`,
      `web ${host}:53`,
    ]),
    [
      'a connected datagram socket',
      `import dgram from 'node:dgram';
       const socket = dgram.createSocket('udp6');
       socket.connect(53, '::ffff:10.99.0.1', (e) => { console.log(e.code, e.message); socket.close(); });`,
      'web ::ffff:10.99.0.1:53',
    ],
    [
      'a datagram to a name',
      `import dgram from 'node:dgram';
       const socket = dgram.createSocket('udp4')${print};
       socket.send('x', 53, 'ntp.prod.example'); setTimeout(() => socket.close(), 50);`,
      'web ntp.prod.example:53',
    ],
    [
      'connect with an empty path',
      `import net from 'node:net'; net.connect({ path: '', host: '10.99.3.4', port: 80 })${print};`,
      'web 10.99.3.4:80',
    ],
    [
      'a name in another script',
      `import net from 'node:net'; net.connect(80, 'db\u3002PROD\uFF0Eexample')${print};`,
      'web db\u3002PROD\uFF0Eexample:80',
    ],
    [
      'records of another kind',
      `import { promises } from 'node:dns';
       await new promises.Resolver().resolveMx('prod.prod.example').catch((e) => console.log(e.code, e.message));`,
      'web prod.prod.example:',
    ],
    ...["import { Resolver } from 'node:dns'", "import { Resolver } from 'node:dns/promises'"].map(
      (how): [string, string, string] => [
        `a name server of one's own (${how})`,
        `${how}; try { new Resolver().setServers(['[::ffff:10.99.0.1]:5353']); } catch (e) { console.log(e.code, e.message); }`,
        'web ::ffff:10.99.0.1:5353',
      ],
    ),
    ...[
      worker('env: {}'),
      worker('env: { OWN: "1" }, execArgv: []'),
      worker('execArgv: []', forget),
      worker('argv: []', forget),
      worker('env: SHARE_ENV, execArgv: []', forget),
      worker('env: { NODE_OPTIONS: "--no-warnings", MESH_SIM_GUARD: "{}" }'),
    ].map((code, i): [string, string, string] => [
      `a worker thread with an environment of its own, ${i}`,
      code,
      'web x.prod.example:1',
    ]),
    ...[
      child(`process.stdout.write(execFileSync(execPath, ['-e', code], { env: {} }));`),
      child(
        `process.stdout.write(spawnSync(execPath, ['-e', code], { env: { NODE_OPTIONS: '' } }).stdout);`,
      ),
      child(`spawn(execPath, ['-e', code], { env: { OWN: '1' }, stdio: 'inherit' });`),
      child(`spawn(execPath, ['-e', code], { stdio: 'inherit' });`, forget),
      child(
        `spawn('/bin/sh', ['-c', '"$0" -e "$1"', execPath, code], { env: {}, stdio: 'inherit' });`,
      ),
      child(`writeFileSync('forked.cjs', code); fork('./forked.cjs', { env: {}, execArgv: [] });`),
    ].map((code, i): [string, string, string] => [
      `a child process with an environment of its own, ${i}`,
      code,
      'web x.prod.example:1',
    ]),
  );
  for (const [name, code, told] of attempts) {
    it(`refuses ${name} before anything is looked up or sent`, async () => {
      assert.match(await outcomeOf(code), /^EACCES .*a simulation may not/);
      assert.equal(denied[0], told);
    });
  }

  const behind: [name: string, code: string, told: string][] = [
    [
      'a datagram to a name that stands for a denied address',
      `import dgram from 'node:dgram';
       const lookup = (host, _options, done) => done(null, host === 'innocent.example' ? '10.99.0.1' : host, 4);
       const socket = dgram.createSocket({ type: 'udp4', lookup });
       socket.send('x', 53, 'innocent.example', (e) => { console.log(e.code); socket.close(); });`,
      'web 10.99.0.1:53',
    ],
    [
      'a handle of process.binding',
      `const { TCP, TCPConnectWrap, constants } = process.binding('tcp_wrap');
       const code = new TCP(constants.SOCKET).connect(new TCPConnectWrap(), '10.99.3.4', 80);
       console.log((await import('node:util')).getSystemErrorName(code));`,
      'web 10.99.3.4:80',
    ],
    [
      'a socket that is asked through vm',
      `import vm from 'node:vm';
       vm.runInNewContext("net.connect(80, '10.99.3.4').on('error', (e) => console.log(e.code))", { net: await import('node:net'), console });`,
      'web 10.99.3.4:80',
    ],
  ];
  for (const [name, code, told] of behind) {
    it(`refuses ${name}`, async () => {
      assert.equal(await outcomeOf(code), 'EACCES');
      assert.deepEqual(denied, [told]);
    });
  }

  it('denies a host at one port alone, where that is the pattern', async () => {
    const code = `import { Resolver, lookup } from 'node:dns'; import net from 'node:net';
      const own = (_host, options, done) => options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
      net.connect({ host: 'bank.example', port: 1, lookup: own }).on('error', (e) => console.log(e.code));`;
    assert.equal(await outcomeOf(code), 'ECONNREFUSED');
    assert.deepEqual(denied, []);
  });

  it('lets addresses of the mesh through where they lead to nodes, whoever has them in production', async () => {
    const code = `import net from 'node:net';
      for (const host of ['10.99.0.2', '::ffff:10.99.0.2', '10.99.1.2']) {
        const socket = net.connect({ host, port: 80 });
        await new Promise((resolve) => {
          socket.on('connectionAttempt', () => resolve(console.log('tried')));
          socket.on('error', ({ code }) => resolve(code === 'EACCES' && console.log(code)));
        });
        socket.destroy();
      }`;
    assert.equal(await outcomeOf(code), 'EACCES\nEACCES\nEACCES');
    guard.openMesh('10.99.0.0/24');
    assert.equal(await outcomeOf(code), 'tried\ntried\nEACCES');
  });

  it('lets everything else through', async () => {
    const server = net.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    const pipe = path.join(folder, 'local.sock');
    const local = net.createServer((socket) => socket.end('local')).listen(pipe);
    const code = `
      import net from 'node:net';
      import { lookup } from 'node:dns/promises';
      const read = (socket) => new Promise((done) => socket.on('data', (text) => done(String(text))));
      console.log(await read(net.connect(${port}, 'localhost')), await read(net.connect(${port})),
        await read(net.connect(${JSON.stringify(pipe)})), (await lookup('127.0.0.1')).address);`;
    const said = await outcomeOf(code);
    server.close();
    local.close();
    assert.equal(said, 'hello hello local 127.0.0.1');
    assert.deepEqual(denied, []);
  });

  it('keeps the NODE_OPTIONS of the snapshot, and adds nothing but its own two variables', async () => {
    const hook = path.join(folder, 'own.cjs');
    await writeFile(hook, `globalThis.own = 'loaded';`);
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(hook)}`, ANSWER: '42' };
    const code = `console.log(globalThis.own, Object.keys(process.env).sort().join());`;
    assert.equal(await outcomeOf(code, env), 'loaded ANSWER,MESH_SIM_GUARD,NODE_OPTIONS');
  });

  it('tells each attempt once, and survives whatever a service writes into its file', async () => {
    const code = `import net from 'node:net';
      for (let i = 0; i < 50; i += 1) net.connect(5432, 'db.prod.example').on('error', () => undefined);`;
    await outcomeOf(code);
    await mkdir(path.join(folder, 'guard'), { recursive: true });
    await writeFile(path.join(folder, 'guard', 'web.ndjson'), '{}\nnull\n{"host":1}\nnonsense\n');
    guard.read();
    assert.deepEqual(denied, ['web db.prod.example:5432']);
  });
});
