import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock } from '../../base/clock.ts';
import { PATIENCE_MS } from '../../model/serviceMeasures.ts';
import type { CallOrders, CallsLine } from './orders.ts';

const FLUSH_MS = 200;
/** Of one service in one flush; further ones are only counted, so that a busy service costs its run little. */
const MAX_CALLS = 20;

/** Of an undici request, the builtin one behind `fetch` and the npm package alike. */
interface UndiciRequest {
  readonly origin?: string | URL;
}

/** What is published on the channels, https://nodejs.org/api/diagnostics_channel.html and undici's DiagnosticsChannel.md. */
interface Channels {
  'http.client.request.start': { readonly request: ClientRequest };
  'http.client.response.finish': {
    readonly request: ClientRequest;
    readonly response: IncomingMessage;
  };
  'http.client.request.error': { readonly request: ClientRequest; readonly error: unknown };
  'undici:request:create': { readonly request: UndiciRequest };
  'undici:request:headers': {
    readonly request: UndiciRequest;
    readonly response: { readonly statusCode: number };
  };
  'undici:request:error': { readonly request: UndiciRequest };
}

interface OpenCall {
  readonly startedAt: number;
  /** Undefined until its socket is connected. */
  port: number | undefined;
}

/** Measures the calls of this process to `ports` of the loopback interface: when, how long, and whether they succeeded. */
export function meterCalls(orders: CallOrders): void {
  const meter = new CallMeter(orders);
  on('http.client.request.start', ({ request }) => {
    meter.start(request);
    withPeer(request, ({ remoteAddress, remotePort }) =>
      meter.locate(request, remoteAddress, remotePort),
    );
  });
  on('http.client.response.finish', ({ request, response }) =>
    meter.settle(request, response.statusCode),
  );
  on('http.client.request.error', ({ request, error }) => {
    const { address, port } = refusedPlace(error);
    if (port !== undefined) meter.locate(request, address, port);
    meter.settle(request, undefined);
  });
  on('undici:request:create', ({ request }) => {
    const origin = String(request.origin);
    if (!URL.canParse(origin)) return;
    const { hostname, port } = new URL(origin);
    meter.start(request);
    meter.locate(request, hostname, Number(port));
  });
  on('undici:request:headers', ({ request, response }) =>
    meter.settle(request, response.statusCode),
  );
  on('undici:request:error', ({ request }) => meter.settle(request, undefined));
  setInterval(() => meter.flush(), FLUSH_MS).unref();
  process.on('exit', () => meter.flush());
}

/** Hears what Node.js itself says of requests: nothing is patched. */
function on<Channel extends keyof Channels>(
  channel: Channel,
  listener: (message: Channels[Channel]) => void,
): void {
  subscribe(channel, (message) => listener(message as Channels[Channel]));
}

class CallMeter {
  readonly #log: string;
  readonly #ports: ReadonlySet<number>;
  readonly #open = new Map<object, OpenCall>();
  readonly #lines = new Map<number, CallsLine>();

  constructor({ log, ports }: CallOrders) {
    this.#log = log;
    this.#ports = new Set(ports);
  }

  start(request: object): void {
    this.#open.set(request, { startedAt: systemClock.monotonic(), port: undefined });
  }

  /** Forgets calls that go elsewhere. */
  locate(request: object, host: string | undefined, port: number | undefined): void {
    const call = this.#open.get(request);
    if (call === undefined) return;
    if (port !== undefined && this.#ports.has(port) && isLoopback(host)) call.port = port;
    else this.#open.delete(request);
  }

  /** An answer has begun, or, without a status, there will be none. */
  settle(request: object, status: number | undefined): void {
    const call = this.#open.get(request);
    this.#open.delete(request);
    if (call?.port === undefined) return;
    const line = this.#lines.get(call.port) ?? { port: call.port, calls: [], dropped: 0 };
    this.#lines.set(call.port, line);
    const ms = Math.round(1_000 * (systemClock.monotonic() - call.startedAt)) / 1_000;
    const ok = status !== undefined && status < 500 && ms < PATIENCE_MS;
    if (line.calls.length < MAX_CALLS) line.calls.push({ at: call.startedAt, ms, ok });
    else line.dropped += 1;
  }

  /** Gives up calls nobody answers, and writes down what was measured since the last time. */
  flush(): void {
    const tooOld = systemClock.monotonic() - PATIENCE_MS;
    for (const [request, { startedAt }] of this.#open) {
      if (startedAt <= tooOld) this.settle(request, undefined);
    }
    const lines = [...this.#lines.values()].map((line) => `${JSON.stringify(line)}\n`);
    this.#lines.clear();
    try {
      if (lines.length > 0) appendFileSync(this.#log, lines.join(''));
    } catch {
      // What cannot be written down was not measured; the service goes on.
    }
  }
}

/** Tells whom a request is connected to. Its socket forgets that when it closes, so it is asked at once. */
function withPeer(request: ClientRequest, told: (socket: Socket) => void): void {
  const ask = (socket: Socket) => {
    if (socket.connecting) socket.once('connect', () => told(socket));
    else told(socket);
  };
  const { socket } = request as { socket: Socket | null };
  if (socket === null) request.once('socket', ask);
  else ask(socket);
}

/** Where a connection was refused; of several addresses of a name, the first. */
function refusedPlace(error: unknown): { address?: string; port?: number } {
  const [first = error] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first as { address?: string; port?: number };
}

function isLoopback(host: string | undefined): boolean {
  return ['localhost', '127.0.0.1', '::ffff:127.0.0.1', '::1', '[::1]'].includes(host ?? '');
}
