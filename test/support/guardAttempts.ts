/** A module that tries to reach production and prints what became of it, and what the guard tells of it. */
export type Attempt = [name: string, code: string, told: string];

const print = `.on('error', (e) => console.log(e.code, e.message))`;
const NET = `require('net').connect(1, 'x.prod.example')${print}`;
const forget = 'delete process.env.NODE_OPTIONS; delete process.env.MESH_SIM_GUARD;';

function worker(options: string, before = ''): string {
  return `import { SHARE_ENV, Worker } from 'node:worker_threads'; ${before}
     new Worker(${JSON.stringify(NET)}, { eval: true, ${options} });`;
}

function child(call: string, before = ''): string {
  return `import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
     import { writeFileSync } from 'node:fs';
     ${before} const code = ${JSON.stringify(NET)}; const { execPath } = process; ${call}`;
}

/** Each is refused before anything is looked up or sent. */
export const ATTEMPTS: readonly Attempt[] = [
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
  ...[
    ...['174260996', '0x0a630304', '012.0143.3.4', '10.99.772', '10.99.3.4.'],
    ...['::ffff:a63:304', '::ffff:10.99.3.4%lo'],
  ].map((host): Attempt => [
    `an address written as ${host}`,
    `import net from 'node:net'; net.connect(80, '${host}')${print};`,
    `web ${host}:80`,
  ]),
  ...['174260996', '0X0A.99.3.4', '10.99.772'].map((host): Attempt => [
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
    (how): Attempt => [
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
  ].map((code, i): Attempt => [
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
  ].map((code, i): Attempt => [
    `a child process with an environment of its own, ${i}`,
    code,
    'web x.prod.example:1',
  ]),
];
