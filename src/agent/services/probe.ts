import http from 'node:http';
import net from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { Command, Health } from '../../model/registry.ts';

const LOOPBACK = '127.0.0.1';

export interface ProbeTarget {
  readonly health: Health;
  readonly ports: Readonly<Record<string, number>>;
  /** Runs a command in the service's folder and environment; resolves to its exit code, null when killed. */
  readonly run: (command: Command, signal: AbortSignal) => Promise<number | null>;
}

/** One probe: null when it passed, else what was seen instead. Takes at most the probe's `timeoutMs`. */
export async function probeOnce(target: ProbeTarget, signal: AbortSignal): Promise<string | null> {
  const { health, ports } = target;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(health.timeoutMs)]);
  try {
    if ('http' in health)
      return await probeHttp(portOf(ports, health.http.port), health.http.path, limit);
    if ('tcp' in health) return await probeTcp(portOf(ports, health.tcp.port), limit);
    const code = await target.run(health.command, limit);
    return code === 0 ? null : `its health command ended with ${exitWords(code)}`;
  } catch (error) {
    if (limit.aborted) return `no answer within ${health.timeoutMs} ms`;
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

function probeHttp(port: number, path: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: LOOPBACK, port, path, agent: false, signal }, (response) => {
      // The status is the answer; an endless body must not hold the probe.
      response.destroy();
      const status = response.statusCode ?? 0;
      const passed = status >= 200 && status < 400;
      resolve(passed ? null : `GET ${path} on port ${port} answered ${status}`);
    });
    request.on('error', (error) => reject(error));
  });
}

function probeTcp(port: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: LOOPBACK, port, signal });
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error) => reject(error));
  });
}
