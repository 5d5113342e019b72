import { PROBE, type TinyService } from '../support/tinyProduct.ts';

/** `ask('orders.n1:4000/path', body)` is what the peer answers; an answer other than 2xx is thrown with all that says why. */
const ASK = `
export async function ask(url, body) {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch('http://' + url, { ...init })
    .catch((error) => { throw new Error(url + ' is not reached: ' + (error.cause?.message ?? error.message)); });
  const text = await response.text();
  if (!response.ok) throw new Error(url + ' answered ' + response.status + ': ' + text);
  return JSON.parse(text);
}
`;

/** Serves `routes`, an object of functions, as JSON at the ports; what one throws is answered with 500 and its message. */
const SERVE = `
import { createServer } from 'node:http';
export function serve(routes, ...ports) {
  for (const port of ports) {
    createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      try {
        const route = routes[request.url] ?? (request.url === '/' ? () => ({}) : undefined);
        if (route === undefined) response.statusCode = 404;
        const answer = await (route?.(text === '' ? undefined : JSON.parse(text)) ?? 'no such path');
        response.end(JSON.stringify(answer));
      } catch (error) {
        response.statusCode = 500;
        response.end(error.message);
      }
    }).listen(Number(port), '0.0.0.0');
  }
  process.on('SIGTERM', () => process.exit(0));
}
`;

/** A busy machine takes its time. */
export const PATIENT_PROBE = { ...PROBE, timeoutMs: 10_000, deadlineMs: 60_000 };

/** What every server here may want of its node. */
const ENV = { PORT: '${port:http}', NODE: '${node.id}', STATE: '${state}' };

/**
 * A service that answers JSON, with what it takes to do so.
 * @param server the program; `ask` and `serve` are there
 * @param files more of them: a check, a migration
 */
export function jsonService(
  name: string,
  server: string,
  files: Readonly<Record<string, string>> = {},
  { env, ...entry }: Readonly<Record<string, unknown>> = {},
): TinyService {
  return {
    name,
    files: {
      'ask.mjs': ASK,
      'serve.mjs': SERVE,
      'server.mjs': `import { ask } from './ask.mjs';\nimport { serve } from './serve.mjs';\n${server}`,
      ...files,
    },
    entry: {
      health: { http: { port: 'http', path: '/' }, ...PATIENT_PROBE },
      ...entry,
      env: { ...ENV, ...(env as object | undefined) },
    },
  };
}

/** A check that runs `check.mjs` of the service, on each node unless it says otherwise. */
export function checkOf(
  service: string,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
) {
  return { name, service, run: ['node', 'check.mjs'], ...more };
}
