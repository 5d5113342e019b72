import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { StandInContainer } from './standInContainer.ts';

/** How kubectl speaks since 1.31: the first byte of a message is its channel (Kubernetes, "remotecommand", v5). */
const PROTOCOL = 'v5.channel.k8s.io';
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, close: 255 } as const;

const server = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
});

/** Makes of a request the stdin, stdout and stderr of a container. */
export function attach(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  container: StandInContainer,
): void {
  server.handleUpgrade(request, socket, head, (client) => serve(client, container));
}

function serve(client: WebSocket, container: StandInContainer): void {
  const send = (channel: number, bytes: Buffer | string) => {
    if (client.readyState !== WebSocket.OPEN) return;
    client.send(Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)]));
  };
  let taken = Promise.resolve();
  let isOver = false;
  client.on('message', (data) => {
    if (isOver) return;
    const message = data as Buffer;
    const [channel, which] = message;
    if (channel === CHANNEL.stdin) {
      client.pause();
      taken = taken.then(() => container.write(message.subarray(1)));
      void taken.then(() => client.resume());
    } else if (channel === CHANNEL.close && which === CHANNEL.stdin) {
      void taken.then(() => container.endStdin());
    }
  });
  client.on('error', () => undefined);
  client.once('close', () => container.detach());
  container.attach({
    onOutput: (channel, bytes) => send(CHANNEL[channel], bytes),
    onOver: () => {
      send(CHANNEL.error, JSON.stringify({ metadata: {}, status: 'Success' }));
      // A client that cannot send any more does not take leave either.
      isOver = true;
      client.resume();
      client.close(1000);
    },
  });
}
