import dgram from 'node:dgram';
import net from 'node:net';
import {
  CONNECTED,
  DOOR_IS_OPEN,
  type DoorAnswer,
  type DoorRequest,
  type OpenRequest,
} from './doorMessages.ts';

type Handle = net.Socket | dgram.Socket;

/** Of either version; where IPv6 is off, the box says so and IPv4 is left. */
const ANY_ADDRESS = '::';
const ANY_IPV4_ADDRESS = '0.0.0.0';

/**
 * The door of a box: opens sockets inside it on request and hands them to the agent outside. A socket
 * belongs for ever to the network it was opened in, whoever holds it. It ends with its agent, and the box with it.
 */
function answer(message: DoorAnswer, handle?: Handle): void {
  // The agent alone may hold it: a second reader would take what is meant for the agent.
  process.send?.(message, handle, {}, () => {
    if (handle instanceof net.Socket) handle.destroy();
    else handle?.close();
  });
}

/** As the system calls it when it gives up by itself. */
const TIMED_OUT = Object.assign(new Error('ETIMEDOUT'), { code: 'ETIMEDOUT' });

function open(opening: OpenRequest, opened: (handle: Handle) => void): Handle {
  const { kind, host, port, timeoutMs } = opening;
  switch (kind) {
    case 'connect': {
      const socket = net.connect(port, host, () => opened(socket));
      if (timeoutMs !== undefined) socket.setTimeout(timeoutMs, () => socket.destroy(TIMED_OUT));
      return socket.pause();
    }
    case 'datagrams': {
      const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
      return socket.bind(port, host, () => opened(socket));
    }
  }
}

/** Handing over each server would cost the start of a node more than all else here; most are never connected to. */
async function serve(port: number): Promise<void> {
  await listen(port, ANY_ADDRESS).catch(() => listen(port, ANY_IPV4_ADDRESS));
}

function listen(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    net
      .createServer({ pauseOnConnect: true }, (socket) => answer({ id: CONNECTED }, socket))
      .on('error', reject)
      .listen(port, host, () => resolve());
  });
}

function codeOf({ message, code }: NodeJS.ErrnoException): string {
  return code ?? message;
}

process.on('message', (request: DoorRequest) => {
  const { id } = request;
  if (request.kind === 'serve') {
    void Promise.all(request.ports.map(serve)).then(
      () => answer({ id }),
      (error: unknown) => answer({ id, error: codeOf(error as NodeJS.ErrnoException) }),
    );
    return;
  }
  // It sets no box up, and so has no relay.
  if (request.kind === 'relay') return;
  const handle = open(request, (opened) => answer({ id }, opened));
  handle.on('error', (error: NodeJS.ErrnoException) => answer({ id, error: codeOf(error) }));
});
process.on('disconnect', () => process.exit());
answer({ id: DOOR_IS_OPEN });
