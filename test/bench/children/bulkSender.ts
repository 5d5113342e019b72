import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { answerWith } from '../childProcess.ts';

/** Written at a time, and waited for: the sender must not be what fills memory. */
const SLICE_BYTES = 256 * 1024;

export interface BulkStream {
  /** Sent in this order to whoever connects. */
  readonly bytes: Uint8Array;
}

async function sendAll(socket: Socket, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (!socket.write(bytes.subarray(at, at + SLICE_BYTES))) await once(socket, 'drain');
  }
  socket.end();
}

let stream: Uint8Array = new Uint8Array();
const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  void sendAll(socket, stream).catch(() => socket.destroy());
});
server.listen(0, '127.0.0.1');

/** Takes the stream, answers with the port it is served on. */
answerWith(async ({ bytes }: BulkStream) => {
  stream = bytes;
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
