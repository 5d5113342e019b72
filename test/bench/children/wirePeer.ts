import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { argv } from 'node:process';
import { wallMs } from '../measure.ts';

/** Runs in the box of a node and speaks with one in another: `serve`, or something to measure, which is printed as JSON. */
const PORT = 7301;
const MESSAGE_BYTES = 64;
const HEADER_BYTES = 8;
const PING_GAP_MS = 10;

/** Answers each request, a number of bytes, with as many; and each datagram with itself. */
function serve(): void {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (; rest.length >= HEADER_BYTES; rest = rest.subarray(HEADER_BYTES)) {
        socket.write(Buffer.alloc(Number(rest.readBigUInt64LE())));
      }
    });
  });
  const echo = dgram.createSocket('udp4');
  echo.on('message', (bytes, { port, address }) => echo.send(bytes, port, address));
  server.listen(PORT, '0.0.0.0', () => echo.bind(PORT, () => console.log('up')));
}

function request(bytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeBigUInt64LE(BigInt(bytes));
  return header;
}

async function connected(host: string): Promise<net.Socket> {
  const socket = net.connect({ port: PORT, host, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Resolves when that many bytes have come. */
function taken(socket: net.Socket, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    let left = bytes;
    const take = (part: Buffer) => {
      left -= part.length;
      if (left > 0) return;
      socket.off('data', take);
      resolve();
    };
    socket.on('data', take);
  });
}

/** One call after the other on each of some connections: ms of all. */
async function calls(host: string, connections: number, each: number): Promise<number[]> {
  const lanes = Array.from({ length: connections }, async () => {
    const socket = await connected(host);
    const took: number[] = [];
    for (let call = 0; call < each; call += 1) {
      const began = wallMs();
      const answer = taken(socket, MESSAGE_BYTES);
      socket.write(request(MESSAGE_BYTES));
      await answer;
      took.push(wallMs() - began);
    }
    socket.destroy();
    return took;
  });
  return (await Promise.all(lanes)).flat();
}

/** ms from the call of connect() until all bytes have come, once for each time. */
async function bulk(host: string, bytes: number, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = wallMs();
    const socket = await connected(host);
    const answer = taken(socket, bytes);
    socket.write(request(bytes));
    await answer;
    took.push(wallMs() - began);
    socket.destroy();
  }
  return took;
}

/** Round trips of datagrams, ms. */
async function pings(host: string, count: number): Promise<number[]> {
  const socket = dgram.createSocket('udp4');
  const sentAt: number[] = [];
  const took: number[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on('message', (bytes) => {
      took.push(wallMs() - (sentAt[bytes.readUInt32LE()] ?? 0));
      if (took.length === count) resolve();
    });
  });
  const timer = setInterval(() => {
    if (sentAt.length === count) {
      clearInterval(timer);
      return;
    }
    const bytes = Buffer.alloc(MESSAGE_BYTES);
    bytes.writeUInt32LE(sentAt.length);
    sentAt.push(wallMs());
    socket.send(bytes, PORT, host);
  }, PING_GAP_MS);
  await done;
  socket.close();
  return took;
}

const [, , what = '', host = '', ...numbers] = argv;
const [count = 1, each = 1] = numbers.map(Number);
if (what === 'serve') serve();
else {
  const measure = { calls, bulk, pings: (to: string, times: number) => pings(to, times) }[what];
  if (measure === undefined) throw new Error(`wirePeer measures no ${what}`);
  console.log(JSON.stringify(await measure(host, count, each)));
}
