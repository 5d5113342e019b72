import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { Guard } from '../../../src/agent/guard/guard.ts';
import { DIST } from '../../support/commandLine.ts';
import { ATTEMPTS, type Attempt } from '../../support/guardAttempts.ts';
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

  for (const [name, code, told] of ATTEMPTS) {
    it(`refuses ${name} before anything is looked up or sent`, async () => {
      assert.match(await outcomeOf(code), /^EACCES .*a simulation may not/);
      assert.equal(denied[0], told);
    });
  }

  const behind: Attempt[] = [
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
