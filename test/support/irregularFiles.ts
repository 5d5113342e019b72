import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { execa } from 'execa';

/** Puts a FIFO that nobody writes to in the place of a file. */
export async function placeFifo(file: string): Promise<void> {
  await rm(file, { force: true });
  await execa('mkfifo', ['-m', '600', file]);
}

/** Puts the socket of a server that has ended in the place of a file. */
export async function placeSocket(file: string): Promise<void> {
  // Bound under a short name: the name of a socket has at most some 100 bytes.
  const bound = path.join(path.dirname(file), 's');
  const server = net.createServer().listen(bound);
  await once(server, 'listening');
  await rename(bound, file);
  server.close();
  await once(server, 'close');
}
