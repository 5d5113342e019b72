import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { matchesHostPattern } from '../../model/hostPattern.ts';
import { meterCalls } from './callMeter.ts';
import { GUARD_VARIABLE, type Attempt, type GuardOrders } from './orders.ts';

/**
 * Loaded into Node.js services by `--require`: refuses to connect to, or to look up, hosts that must not be reached from
 * a simulation, and measures calls where it is told to. It guards against mistakes; code that wants to get around it
 * inside its own process can.
 */
const orders = JSON.parse(process.env[GUARD_VARIABLE] ?? '{"deny":[],"log":""}') as GuardOrders;

if (orders.calls !== undefined) meterCalls(orders.calls);

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The refusal when this must not be reached, after it was noted; undefined when it may. */
function refusal(attempt: Attempt, syscall: string): Error | undefined {
  if (!orders.deny.some((pattern) => matchesHostPattern(attempt, pattern))) return undefined;
  const place = attempt.port === undefined ? attempt.host : `${attempt.host}:${attempt.port}`;
  const sentence = `${place} is a production endpoint: a simulation may not reach it.`;
  try {
    appendFileSync(orders.log, `${JSON.stringify(attempt)}\n`);
  } catch {
    process.stderr.write(`${sentence}\n`);
  }
  return Object.assign(new Error(sentence), { code: 'EACCES', syscall, ...attempt });
}

/** Puts a method in the place of another one, which it is given. */
function wrap(owner: object, name: string, around: (original: Method) => Method): void {
  const methods = owner as Record<string, Method | undefined>;
  const original = methods[name];
  if (original !== undefined) methods[name] = around(original);
}

function portOf(port: unknown): number | undefined {
  const number = Number(port);
  return port === undefined || !Number.isInteger(number) ? undefined : number;
}

/** Of `connect(options)`, `connect(port, host)` and the list both become inside Node.js; undefined for a local pipe. */
function connectTarget(args: readonly unknown[]): Attempt | undefined {
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[];
  if (typeof first === 'object' && first !== null) {
    const { path, host = 'localhost', port } = first as Record<string, unknown>;
    return typeof path === 'string' ? undefined : { host: String(host), port: portOf(port) };
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

// HTTP, TLS, fetch and WebSocket all come through here, before any name is looked up.
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

/** `send(message, …, port, address, …)`, `connect(port, address)`: the text after a number is the address. */
for (const name of ['send', 'connect']) {
  wrap(dgram.Socket.prototype, name, (original) => {
    return function (this: unknown, ...args) {
      const at = args.findIndex((arg, i) => i > 0 && typeof arg === 'string');
      const host = args[at];
      const refused =
        typeof host === 'string' ? refusal({ host, port: portOf(args[at - 1]) }, name) : undefined;
      if (refused === undefined) return original.apply(this, args);
      const callback = args.at(-1);
      if (typeof callback === 'function') process.nextTick(callback, refused);
      else process.nextTick(() => (this as dgram.Socket).emit('error', refused));
      return undefined;
    };
  });
}

const LOOK_UPS = ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveSrv'];

for (const owner of [dns, dns.Resolver.prototype]) {
  for (const name of LOOK_UPS) {
    wrap(owner, name, (original) => {
      return function (this: unknown, ...args) {
        const refused = refusal({ host: String(args[0]) }, name);
        const callback = args.at(-1);
        if (refused === undefined || typeof callback !== 'function') {
          return original.apply(this, args);
        }
        process.nextTick(callback, refused);
        return undefined;
      };
    });
  }
}

for (const owner of [dns.promises, dns.promises.Resolver.prototype]) {
  for (const name of LOOK_UPS) {
    wrap(owner, name, (original) => {
      return function (this: unknown, ...args) {
        const refused = refusal({ host: String(args[0]) }, name);
        return refused === undefined ? original.apply(this, args) : Promise.reject(refused);
      };
    });
  }
}

// `import { lookup } from 'node:dns'` sees the new functions too.
syncBuiltinESMExports();
