import dgram from 'node:dgram';
import net from 'node:net';
import type { Attempt } from './orders.ts';
import { portOf, refusal, wrap } from './refusal.ts';

/** Refuses connections and datagrams before any name is looked up. HTTP, TLS, fetch and WebSocket all come through here. */
export function guardSockets(): void {
  wrap(net.Socket.prototype, 'connect', (connect) => {
    return function (this: unknown, ...args) {
      const socket = this as net.Socket;
      const target = connectTarget(args);
      const refused = target && refusal(target, 'connect');
      if (refused !== undefined) return failLater(socket, refused);
      if (target !== undefined) watchAddresses(socket, target.port);
      return connect.apply(this, args);
    };
  });
  // `send(message, …, port, address, …)`, `connect(port, address)`: the text after a number is the address.
  for (const name of ['send', 'connect']) {
    wrap(dgram.Socket.prototype, name, (original) => {
      return function (this: unknown, ...args) {
        const at = args.findIndex((arg, i) => i > 0 && typeof arg === 'string');
        const host = args[at];
        const refused =
          typeof host === 'string'
            ? refusal({ host, port: portOf(args[at - 1]) }, name)
            : undefined;
        if (refused === undefined) return original.apply(this, args);
        const callback = args.at(-1);
        if (typeof callback === 'function') process.nextTick(callback, refused);
        else process.nextTick(() => (this as dgram.Socket).emit('error', refused));
        return undefined;
      };
    });
  }
}

/** Of `connect(options)`, `connect(port, host)` and the list both become inside Node.js; undefined for a local pipe. */
function connectTarget(args: readonly unknown[]): Attempt | undefined {
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[];
  if (typeof first === 'object' && first !== null) {
    const { path, host = 'localhost', port } = first as Record<string, unknown>;
    // An empty path is none: Node.js connects to host and port then.
    const isPipe = typeof path === 'string' && path !== '';
    return isPipe ? undefined : { host: String(host), port: portOf(port) };
  }
  const port = portOf(first);
  if (port === undefined) return undefined;
  return { host: typeof second === 'string' ? second : 'localhost', port };
}

/** As a connection fails: TLS goes on setting up its socket after this call, and listeners come later. */
function failLater(socket: net.Socket, refused: Error): net.Socket {
  Object.assign(socket, { connecting: true });
  process.nextTick(() => socket.destroy(refused));
  return socket;
}

const watched = new WeakSet<net.Socket>();

/** A name that is allowed may still stand for an address that is not. Sockets tell before they use it. */
function watchAddresses(socket: net.Socket, port: number | undefined): void {
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.on('lookup', (_error: unknown, address: unknown) => {
    if (typeof address !== 'string') return;
    const refused = refusal({ host: address, port }, 'connect');
    if (refused !== undefined) socket.destroy(refused);
  });
}
