import dgram from 'node:dgram';
import net from 'node:net';
import { DOOR_IS_OPEN, type DoorAnswer, type DoorRequest } from './doorMessages.ts';

type Handle = net.Socket | net.Server | dgram.Socket;

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

function open({ kind, host, port }: DoorRequest, opened: (handle: Handle) => void): Handle {
  switch (kind) {
    case 'connect': {
      const socket = net.connect(port, host, () => opened(socket));
      return socket.pause();
    }
    case 'listen': {
      const server = net.createServer();
      return server.listen(port, host, () => opened(server));
    }
    case 'datagrams': {
      const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
      return socket.bind(port, host, () => opened(socket));
    }
  }
}

process.on('message', (request: DoorRequest) => {
  const { id } = request;
  const handle = open(request, (opened) => answer({ id }, opened));
  handle.on('error', ({ message, code }: NodeJS.ErrnoException) =>
    answer({ id, error: code ?? message }),
  );
});
process.on('disconnect', () => process.exit());
answer({ id: DOOR_IS_OPEN });
