import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { Doorway } from '../../../src/agent/box/doorway.ts';
import { doorPrograms } from '../../../src/agent/box/doorProgram.ts';
import { DIST } from '../../support/commandLine.ts';
import { freePort } from '../../support/freePort.ts';

const DOORS = doorPrograms(path.join(DIST, 'door.cjs'));
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');
const HOSTS = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];
/** Takes nobody in: once its queue is full, whoever connects hangs. */
const FULL_SERVER = `
const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  process.kill(process.pid, 'SIGSTOP');
});`;

for (const { file, args } of DOORS) {
  describe(`agent/box: the door in ${path.basename(file)}`, () => {
    let child: ChildProcess;
    let doorway: Doorway;
    before(async function () {
      if (process.platform === 'win32') this.skip();
      child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      doorway = new Doorway(child);
      await once(child, 'message');
    });
    after(() => void child.kill('SIGKILL'));

    /** What a server on the loopback interface says to whoever connects. */
    async function greeter(host: string): Promise<net.Server> {
      const server = net.createServer((socket) => {
        // Of those that went away without listening.
        socket.on('error', () => undefined);
        socket.end(`hello from ${host}`);
      });
      await once(server.listen(0, host), 'listening');
      return server;
    }
    const portOf = (server: net.Server) => (server.address() as net.AddressInfo).port;
    const read = async (socket: net.Socket) => String(await socket.toArray());

    it('hands over connections that it made', async () => {
      for (const host of HOSTS) {
        const server = await greeter(host);
        assert.equal(
          await read(await doorway.connectTo(host, portOf(server), 10_000)),
          `hello from ${host}`,
        );
        server.close();
      }
    });

    it('says by the code of the system why there is no connection', async () => {
      const port = await freePort();
      await assert.rejects(doorway.connect(port), { code: 'ECONNREFUSED' });
      const broadcast = doorway.connectTo('255.255.255.255', port, 10_000);
      await assert.rejects(broadcast, { code: /^(EACCES|ENETUNREACH)$/ });
    });

    it('waits no longer for a connection than it was told, and answers others meanwhile', async () => {
      const stopped = spawn(process.execPath, ['-e', FULL_SERVER], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [port] = (await once(stopped.stdout, 'data')) as [Buffer];
      const tried = Array.from({ length: 8 }, () =>
        doorway.connectTo('127.0.0.1', Number(port), 300).then(
          (socket) => void socket.destroy(),
          (error: unknown) => (error as NodeJS.ErrnoException).code,
        ),
      );
      assert.equal(await doorway.answers(), true);
      assert.equal((await Promise.all(tried)).at(-1), 'ETIMEDOUT');
      stopped.kill('SIGKILL');
    });

    it('hands over connections to the ports it serves, with what was said already', async () => {
      const ports = [await freePort(), await freePort()];
      const taken: net.Socket[] = [];
      const reached = new Set<number | undefined>();
      let arrived: () => void = () => undefined;
      const all = new Promise<void>((resolve) => (arrived = resolve));
      await doorway.serve(ports, (socket) => {
        taken.push(socket);
        reached.add(socket.localPort);
        if (taken.length === ports.length * HOSTS.length) arrived();
      });
      const clients = ports.flatMap((port) =>
        HOSTS.map((host) => net.connect(port, host).end(`to ${port} of ${host}`)),
      );
      await all;
      assert.deepEqual(
        (await Promise.all(taken.map(read))).sort(),
        ports.flatMap((port) => HOSTS.map((host) => `to ${port} of ${host}`)).sort(),
      );
      assert.deepEqual(reached, new Set(ports));
      for (const socket of [...clients, ...taken]) socket.destroy();
      await assert.rejects(
        doorway.serve([portOf(await greeter('0.0.0.0'))], () => undefined),
        { code: 'EADDRINUSE' },
      );
    });

    it('hands over a socket for datagrams', async () => {
      for (const host of HOSTS) {
        const port = await freePort();
        const socket = await doorway.datagrams(host, port);
        const asker = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
        asker.send('who?', port, host);
        const [question] = (await once(socket, 'message')) as [Buffer];
        assert.equal(String(question), 'who?');
        asker.close();
        socket.close();
      }
    });

    it('hands over many at once, each to whoever asked for it', async () => {
      const servers = await Promise.all(Array.from({ length: 8 }, () => greeter('127.0.0.1')));
      const ports = servers.map(portOf);
      const asked = Array.from({ length: 400 }, (_, one) => ports[one % ports.length] ?? 0);
      const sockets = await Promise.all(asked.map((port) => doorway.connect(port)));
      assert.deepEqual(
        sockets.map(({ remotePort }) => remotePort),
        asked,
      );
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    });

    it('ends with its channel', async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      assert.deepEqual(await ended, [0, null]);
      assert.equal(await doorway.answers(), false);
    });
  });
}
