import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { answerWith } from '../childProcess.ts';
import { cpuMs, wallMs } from '../measure.ts';

const READ_BUFFER_BYTES = 256 * 1024;

export type RawRequest =
  | { readonly type: 'listen' }
  | {
      readonly type: 'send';
      readonly port: number;
      readonly writes: number;
      readonly bytes: number;
    }
  | { readonly type: 'take' };

export interface RawAnswer {
  readonly port: number;
  readonly wallMs: number;
  /** CPU time of this process since it was last asked. */
  readonly cpuMs: number;
}

/** Reads what comes and answers one byte at its end, so that the sender knows when all of it has arrived. */
async function listen(): Promise<number> {
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('data', () => undefined);
    socket.on('end', () => socket.end('.'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function send(port: number, writes: number, bytes: number): Promise<void> {
  const payload = Buffer.alloc(bytes);
  const socket = net.connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: { buffer: Buffer.alloc(READ_BUFFER_BYTES), callback: () => true },
  });
  for (let i = 0; i < writes; i += 1) {
    if (!socket.write(payload)) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
}

let cpuBefore = cpuMs();

answerWith(async (request: RawRequest) => {
  const start = wallMs();
  const port = request.type === 'listen' ? await listen() : 0;
  if (request.type === 'send') await send(request.port, request.writes, request.bytes);
  const cpu = cpuMs();
  const answer = { port, wallMs: wallMs() - start, cpuMs: cpu - cpuBefore };
  cpuBefore = cpu;
  return answer;
});
