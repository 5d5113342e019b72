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

const USUAL_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Of an undici request, the builtin one behind `fetch` and the npm package alike. */
interface UndiciRequest {
  readonly origin?: string | URL;
}

/** What is published on the channels, https://nodejs.org/api/diagnostics_channel.html and undici's DiagnosticsChannel.md. */
interface Channels {
  'net.client.socket': { readonly socket: Socket };
  'http.client.request.start': { readonly request: ClientRequest };
  'http.client.response.finish': {
    readonly request: ClientRequest;
    readonly response: IncomingMessage;
  };
  'http.client.request.error': { readonly request: ClientRequest; readonly error: unknown };
  'undici:request:create': { readonly request: UndiciRequest };
  'undici:client:sendHeaders': { readonly request: UndiciRequest; readonly socket: Socket };
  'undici:request:headers': {
    readonly request: UndiciRequest;
    readonly response: { readonly statusCode: number };
  };
  'undici:request:error': { readonly request: UndiciRequest };
}

interface OpenCall {
  readonly startedAt: number;
  /** Id of the place it goes to; undefined until that is known. */
  place: number | undefined;
}

interface Peer {
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** Whom sockets try to reach that are not connected yet, and may never be. */
const attempts = new WeakMap<Socket, Peer>();

/** Measures the calls of this process to some places: when, how long, and whether they succeeded. */
export function meterCalls(orders: CallOrders): void {
  const meter = new CallMeter(orders);
  on('net.client.socket', ({ socket }) => {
    socket.on('connectionAttempt', (address, port) => attempts.set(socket, { address, port }));
  });
  on('http.client.request.start', ({ request }) => {
    meter.start(request);
    withPeer(request, ({ address, port }) => meter.locate(request, address, port));
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
    const { hostname, port, protocol } = new URL(origin);
    meter.start(request);
    meter.locate(request, hostname, Number(port) || (USUAL_PORTS[protocol] ?? 0));
  });
  on('undici:client:sendHeaders', ({ request, socket }) =>
    meter.relocate(request, socket.remoteAddress, socket.remotePort),
  );
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
  /** Host and port → id of the place. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #open = new Map<object, OpenCall>();
  readonly #lines = new Map<number, CallsLine>();

  constructor({ log, places }: CallOrders) {
    this.#log = log;
    this.#places = new Map(
      places.flatMap(({ id, hosts, port }) => hosts.map((host) => [`${host} ${port}`, id])),
    );
  }

  start(request: object): void {
    this.#open.set(request, { startedAt: systemClock.monotonic(), place: undefined });
  }

  /** Forgets calls that go elsewhere. */
  locate(request: object, host: string | undefined, port: number | undefined): void {
    const call = this.#open.get(request);
    if (call === undefined) return;
    call.place = this.#places.get(`${plain(host)} ${port ?? ''}`);
    if (call.place === undefined) this.#open.delete(request);
  }

  /** It is known by name, and now by address. */
  relocate(request: object, host: string | undefined, port: number | undefined): void {
    const call = this.#open.get(request);
    if (call !== undefined)
      call.place = this.#places.get(`${plain(host)} ${port ?? ''}`) ?? call.place;
  }

  /** An answer has begun, or, without a status, there will be none. */
  settle(request: object, status: number | undefined): void {
    const call = this.#open.get(request);
    this.#open.delete(request);
    if (call?.place === undefined) return;
    const { place } = call;
    const line = this.#lines.get(place) ?? { place, calls: [], dropped: 0 };
    this.#lines.set(place, line);
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

/** Tells whom a request is to reach, as soon as its socket tries to: it may never be connected, and forgets when it closes. */
function withPeer(request: ClientRequest, told: (peer: Peer) => void): void {
  const connected = ({ remoteAddress: address, remotePort: port }: Socket) =>
    told({ address, port });
  const ask = (socket: Socket) => {
    if (!socket.connecting) {
      connected(socket);
      return;
    }
    const attempt = attempts.get(socket);
    if (attempt !== undefined) told(attempt);
    // Of several addresses of a name, the one that is tried now; before Node.js 20, only the one that answers.
    else socket.once('connectionAttempt', (address, port) => told({ address, port }));
    socket.once('connect', () => connected(socket));
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

/** As places are named: without brackets and final dot, in lower case, and IPv4 addresses as such. */
function plain(host = ''): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:(?=\d+\.)|\.$/g, '');
}
