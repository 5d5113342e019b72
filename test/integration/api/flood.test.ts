import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { startStudioCommand, type StudioCommand } from '../../support/studioCommand.ts';

/** What the server may take under any of these, beyond what it had. */
const MAX_GROWTH_MIB = 128;

const suite = process.platform === 'linux' ? describe : describe.skip;
suite('a server that is flooded by a client without a token (needs /proc)', () => {
  let studio: StudioCommand;
  let address: URL;
  let sockets: Socket[] = [];

  beforeEach(async () => {
    studio = await startStudioCommand({ isPacked: false });
    address = new URL(studio.url);
    await ask();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await studio.stop();
  });

  /** An honest client. */
  async function ask(): Promise<void> {
    const authorization = `Bearer ${address.hash.replace('#token=', '')}`;
    const response = await fetch(new URL('/api/health', address), { headers: { authorization } });
    assert.equal(response.status, 200);
    await response.text();
    const page = await fetch(new URL('/studio.js', address));
    assert.ok((await page.text()).length > 100_000, 'the page comes whole');
  }

  function open(): Socket {
    const socket = connect(Number(address.port), '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  /** MiB the server had at most since it began, by the kernel. */
  function peak(): number {
    const status = readFileSync(`/proc/${studio.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  const head = (method: string, route: string): string =>
    `${method} ${route} HTTP/1.1\r\nHost: ${address.host}\r\n`;

  /** Sends for ever, until the server hangs up. */
  async function sendForEver(start: string, part: string): Promise<void> {
    const socket = open().resume();
    socket.write(start);
    const send = (): void => {
      while (!socket.destroyed && socket.write(part));
    };
    socket.on('drain', send);
    send();
    await closed(socket);
  }

  const floods: Record<string, () => Promise<unknown>> = {
    '12,000 requests for the page that nobody reads the answers of': async () => {
      const socket = open().pause();
      const sent = new Promise((resolve) => {
        socket.write(`${head('GET', '/studio.js')}\r\n`.repeat(12_000), resolve);
      });
      await Promise.race([sent, closed(socket)]);
    },
    'as many requests as it takes, on as many connections as it takes': async () => {
      const asked = `${head('GET', '/studio.js')}\r\n`.repeat(4);
      const all = Array.from({ length: 100 }, async () => {
        const socket = open().pause();
        await once(socket, 'connect');
        await new Promise((resolve) => socket.write(asked, resolve));
      });
      await Promise.all(all);
    },
    'a chunked body without an end': () =>
      sendForEver(
        `${head('POST', '/api/verify')}Transfer-Encoding: chunked\r\n\r\n`,
        `10000\r\n${'x'.repeat(0x1_0000)}\r\n`,
      ),
    'a GET with a chunked body without an end': () =>
      sendForEver(
        `${head('GET', '/')}Transfer-Encoding: chunked\r\n\r\n`,
        `10000\r\n${'x'.repeat(0x1_0000)}\r\n`,
      ),
    'a header without an end': () => sendForEver(`${head('GET', '/')}X: `, 'x'.repeat(0x1_0000)),
  };

  for (const [what, flood] of Object.entries(floods)) {
    it(`grows by less than ${MAX_GROWTH_MIB} MiB through ${what}, and answers others`, async () => {
      const before = peak();
      await flood();
      await ask();
      const growth = peak() - before;
      assert.ok(growth < MAX_GROWTH_MIB, `${growth.toFixed(0)} MiB more`);
    });
  }

  it('refuses without a token before it read the body, and the refusal can be read', async () => {
    const socket = open();
    const body = `Content-Length: ${8 * 2 ** 20}\r\n\r\nx`;
    socket.write(`${head('POST', '/api/verify')}${body}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 401 [\s\S]*token-missing/);
  });

  it('hangs up on connections above 128, and answers again once they are gone', async () => {
    const idle = Array.from({ length: 400 }, () => open().resume());
    const ended = idle.map(closed);
    await Promise.race(ended);
    for (const socket of idle) socket.destroy();
    await Promise.all(ended);
    await ask();
  });
});

/** However: a reset is one way to be hung up on. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}
