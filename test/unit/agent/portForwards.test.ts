import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { PortForwards } from '../../../src/agent/services/portForwards.ts';

describe('ports of this machine that lead to services', () => {
  let forwards: PortForwards;
  beforeEach(() => {
    forwards = new PortForwards(() => undefined);
  });
  afterEach(() => forwards.close());

  it('carry what is asked and answered', async () => {
    const service = http.createServer((_, response) => response.end('hello'));
    await once(service.listen(0, '127.0.0.1'), 'listening');
    const at = await forwards.open((service.address() as net.AddressInfo).port, 0);
    const answer = await fetch(`http://127.0.0.1:${at}/`, { headers: { connection: 'close' } });
    assert.equal(await answer.text(), 'hello');
    service.close();
  });

  it('carry the answer to who has ended what is asked, and the end to who answers', async () => {
    const service = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.resume().on('end', () => setImmediate(() => socket.end('heard you out')));
    });
    await once(service.listen(0, '127.0.0.1'), 'listening');
    const at = await forwards.open((service.address() as net.AddressInfo).port, 0);
    const socket = net.connect({ port: at, host: '127.0.0.1', allowHalfOpen: true });
    socket.end('said once');
    assert.equal(await text(socket), 'heard you out');
    await once(service.close(), 'close');
  });

  it('reset a connection where no service listens', async () => {
    const unused = net.createServer();
    await once(unused.listen(0, '127.0.0.1'), 'listening');
    const { port } = unused.address() as net.AddressInfo;
    await once(unused.close(), 'close');
    const socket = net.connect(await forwards.open(port, 0), '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
  });

  it('are refused where the port of this machine is taken', async () => {
    const other = net.createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as net.AddressInfo;
    await assert.rejects(forwards.open(1, port), { code: 'EADDRINUSE' });
    other.close();
  });

  it('end what is connected when they close, and take no more', async () => {
    const service = net.createServer((socket) => socket.resume());
    await once(service.listen(0, '127.0.0.1'), 'listening');
    const at = await forwards.open((service.address() as net.AddressInfo).port, 0);
    const connected = once(service, 'connection');
    const socket = net.connect(at, '127.0.0.1');
    await connected;
    const closed = once(socket, 'close');
    forwards.close();
    await closed;
    const [refused] = (await once(net.connect(at, '127.0.0.1'), 'error')) as [{ code: string }];
    assert.equal(refused.code, 'ECONNREFUSED');
    service.close();
  });
});
