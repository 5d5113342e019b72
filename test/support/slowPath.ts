import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/**
 * `node slowPath.ts <kilobytes a second> <host> <port>`: what ssh is to reach that host by (ProxyCommand). So much passes each way, and
 * whoever sends more waits.
 */
const [kilobytes = '', host = '', port = ''] = process.argv.slice(2);
const bytesPerMs = Number(kilobytes);

async function carry(from: Readable, to: Writable): Promise<void> {
  let freeAt = performance.now();
  for await (const piece of from as AsyncIterable<Buffer>) {
    freeAt = Math.max(freeAt, performance.now()) + piece.length / bytesPerMs;
    await setTimeout(freeAt - performance.now());
    to.write(piece);
  }
  to.end();
}

const socket = connect(Number(port), host);
socket.on('error', () => process.exit(1));
process.stdout.on('error', () => process.exit());
void carry(process.stdin, socket);
void carry(socket, process.stdout).then(() => process.exit());
