import http from 'node:http';
import net from 'node:net';
import { messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import type { AskedHealth, Command } from '../../model/registry.ts';

const LOOPBACK = '127.0.0.1';

export interface ProbeTarget {
  readonly health: AskedHealth;
  readonly ports: Readonly<Record<string, number>>;
  /** Whom an HTTP request is for; left out: 127.0.0.1. */
  readonly host?: string;
  /** Opens a connection to one of the ports. @throws Error with the system's code */
  readonly connect: (port: number) => Promise<net.Socket>;
  /** Runs a command in the service's folder and environment; resolves to its exit code, null when killed. */
  readonly run: (command: Command, signal: AbortSignal) => Promise<number | null>;
}

/**
 * One probe: null when it passed, else what was seen instead. Takes at most the probe's `timeoutMs`.
 * @throws the error when it is the machine's fault, such as no file left for a connection: it says nothing about the service
 */
export async function probeOnce(target: ProbeTarget, signal: AbortSignal): Promise<string | null> {
  const { health, ports } = target;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(health.timeoutMs)]);
  try {
    if ('command' in health) {
      const code = await target.run(health.command, limit);
      return code === 0 ? null : `its health command ended with ${exitWords(code)}`;
    }
    const port = portOf(ports, 'http' in health ? health.http.port : health.tcp.port);
    const socket = await untilAborted(target.connect(port), limit);
    if ('http' in health) {
      const { host = LOOPBACK } = target;
      return await probeHttp(socket, { host, port, path: health.http.path }, limit);
    }
    socket.destroy();
    return null;
  } catch (error) {
    if (limit.aborted) return `no answer within ${health.timeoutMs} ms`;
    if (machineFault(error) !== undefined) throw error;
    return messageOf(error);
  }
}

function portOf(ports: Readonly<Record<string, number>>, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`it declares no port "${name}"`);
  return port;
}

function exitWords(code: number | null): string {
  return code === null ? 'a signal' : `code ${code}`;
}

/** The usual way to a port of this node. @throws Error with the system's code */
export function connectToLoopback(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: LOOPBACK, port }, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** A connection nobody waits for any more is closed as soon as it is there. */
function untilAborted(opening: Promise<net.Socket>, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const give = () => {
      opening.then((socket) => socket.destroy()).catch(() => undefined);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', give, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
    if (signal.aborted) give();
  });
}

function probeHttp(
  socket: net.Socket,
  to: { readonly host: string; readonly port: number; readonly path: string },
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const options = { ...to, createConnection: () => socket, signal };
    const request = http.get(options, (response) => {
      // The status is the answer; an endless body must not hold the probe.
      response.destroy();
      const status = response.statusCode ?? 0;
      const passed = status >= 200 && status < 300;
      resolve(passed ? null : `GET ${to.path} on port ${to.port} answered ${status}`);
    });
    request.on('error', (error) => reject(error));
  });
}
