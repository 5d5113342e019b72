import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { problemOf } from './problem.ts';

/** Of one connection, with answers that nobody took yet. Browsers and fetch have one: they do not pipeline. */
const MAX_OPEN_REQUESTS = 4;
/** A browser opens six to a host, a page holds a stream or two of them. */
const MAX_CONNECTIONS = 128;
/** Bytes of the headers of one request, its first line among them. */
const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_WITHIN_MS = 10_000;
/** Of a whole request: an upload of 8 MiB takes far less on loopback. */
const REQUEST_WITHIN_MS = 60_000;
const CHECK_EVERY_MS = 2_000;
/** Without a byte taken of the page, which needs no token. Streams of the API may be read as slowly as a client likes. */
const PAGE_STALLED_MS = 30_000;

/**
 * An HTTP server that no client can make grow: any program and any page on this machine reaches its port, and is answered before
 * a token is asked for. Who asks for more on one connection than a browser ever does loses that connection. Bodies that are not
 * wanted are the adaptor's to end: see uploads.test.ts.
 */
export function createLimitedServer(options: ServerOptions, listener: RequestListener): Server {
  const server = createServer(
    {
      ...options,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    limited(listener),
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function limited(listener: RequestListener): RequestListener {
  const open = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    // The parser goes on with what it has read of a connection that was closed.
    if (socket.destroyed) return;
    const count = (open.get(socket) ?? 0) + 1;
    if (count > MAX_OPEN_REQUESTS) {
      socket.destroy();
      return;
    }
    open.set(socket, count);
    response.once('close', () => open.set(socket, (open.get(socket) ?? 1) - 1));
    if (request.url?.startsWith('/api/') !== true) {
      response.setTimeout(PAGE_STALLED_MS, () => socket.destroy());
    }
    if (isBodiless(request) && hasBody(request)) refuse(request, response);
    else listener(request, response);
  };
}

function isBodiless({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Nothing reads such a body, so it could go on for ever. */
function refuse({ method = '' }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(400, { connection: 'close', 'content-type': 'application/problem+json' });
  const detail = `A ${method} request has no body here: leave it out.`;
  response.end(JSON.stringify(problemOf('request-invalid', 400, detail)));
}
