import { randomBytes } from 'node:crypto';
import type { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import type { RunDefaults } from '../model/boot.ts';
import type { StudioApi } from './app.ts';
import { createLimitedServer } from './connectionLimits.ts';
import { doorkeeper } from './doorkeeper.ts';
import { PageFiles } from './pageFiles.ts';
import { contentSecurityPolicy, pageHtml } from './pageHtml.ts';
import { problemResponse, unknownRoute } from './problem.ts';

const HOST = '127.0.0.1';
const TOKEN_BYTES = 24;

/** The editor shows the page in an iframe, from its own pages on loopback or from a webview. */
const FRAME_ANCESTORS =
  "frame-ancestors 'self' http://127.0.0.1:* http://localhost:* vscode-webview: https://*.vscode-cdn.net";

export interface LoopbackOptions {
  /** Holds studio.js and studio.css. */
  readonly pageFolder: string;
  /** 0 or left out: any free port. */
  readonly port?: number;
  /** What the page's form starts with; left out: the defaults of a plan. */
  readonly runDefaults?: () => RunDefaults;
}

export interface LoopbackServer {
  readonly port: number;
  readonly token: string;
  /** The page with its token in the fragment, which no server and no log ever sees. */
  readonly url: string;
  /** Answers as this host and port too, such as the one a remote editor forwards it to. */
  allowAuthority(authority: string): void;
  close(): Promise<void>;
}

/**
 * Serves the page and the API to browsers on this machine, and to nobody else: see doorkeeper.ts.
 * @throws MeshSimError `port-unavailable`
 */
export async function serveLoopback(
  api: StudioApi,
  options: LoopbackOptions,
): Promise<LoopbackServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const authorities = new Set<string>();
  const files = new PageFiles();
  const pageFile = async (context: Context, name: string, type: string): Promise<Response> => {
    const bytes = await files.read(path.join(options.pageFolder, name));
    return context.body(bytes, 200, { 'content-type': `${type}; charset=utf-8` });
  };
  const app = new Hono()
    .onError(problemResponse)
    .notFound(unknownRoute)
    .use(async (context, next) => {
      await next();
      context.header('x-content-type-options', 'nosniff');
      context.header('referrer-policy', 'no-referrer');
      // A remote editor's proxy that compressed would hold a stream's messages back until it had enough of them.
      context.header('cache-control', 'no-store, no-transform');
    })
    .use(doorkeeper({ token, authorities }))
    .get('/', (context) => servePage(context, options))
    .get('/studio.js', (context) => pageFile(context, 'studio.js', 'text/javascript'))
    .get('/studio.css', (context) => pageFile(context, 'studio.css', 'text/css'))
    .route('/', api);
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer: createLimitedServer as typeof createServer,
  });
  const port = await listen(server, options.port ?? 0);
  authorities.add(`${HOST}:${port}`).add(`localhost:${port}`);
  return {
    port,
    token,
    url: `http://${HOST}:${port}/#token=${token}`,
    allowAuthority: (authority) => {
      authorities.add(authority);
    },
    close: () => close(server),
  };
}

function servePage(
  context: Context,
  { runDefaults }: LoopbackOptions,
): Response | Promise<Response> {
  const nonce = randomBytes(TOKEN_BYTES).toString('base64url');
  const source = "'self'";
  const policy = `${contentSecurityPolicy({ source, nonce })}; ${FRAME_ANCESTORS}`;
  context.header('content-security-policy', policy);
  const defaults = runDefaults === undefined ? {} : { defaults: runDefaults() };
  const boot = { door: 'http', ...defaults } as const;
  // Relative, since the editor may serve the page behind a path of its own.
  const uris = { scriptUri: './studio.js', styleUri: './studio.css' };
  return context.html(pageHtml({ boot, ...uris, source, nonce }));
}

function listen(server: ServerType, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const reason = systemCode(error) === 'EADDRINUSE' ? 'it is in use' : messageOf(error);
      reject(
        new MeshSimError(
          'port-unavailable',
          `Port ${port} cannot be used (${reason}): take another, or none.`,
        ),
      );
    });
    server.listen(port, HOST, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Streams never end by themselves: their connections are closed with the server. */
function close(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
