import { createServer } from 'node:http';

const { PORT, NODE_ID } = process.env;

/** One line of JSON per event, so that logs of all nodes can be read together. */
export function log(event, details = {}) {
  console.log(JSON.stringify({ at: new Date().toISOString(), node: NODE_ID, event, ...details }));
}

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Serves `{ 'POST /path': async (body) => answer }` until SIGTERM, then finishes what it has begun. */
export function serve(service, routes) {
  const server = createServer(async (request, response) => {
    const began = performance.now();
    const route = `${request.method} ${request.url}`;
    const { status, answer } = await settle(routes[route], request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
    log('request', { service, route, status, ms: Math.round(performance.now() - began) });
  });
  server.listen(Number(PORT), () => log('started', { service, port: Number(PORT) }));
  process.once('SIGTERM', () => {
    log('stopping', { service });
    server.close();
    server.closeIdleConnections();
  });
}

async function settle(handler, request) {
  if (!handler) return { status: 404, answer: { error: 'no such route' } };
  try {
    return { status: 200, answer: await handler(await bodyOf(request)) };
  } catch (error) {
    return { status: error.status ?? 500, answer: { error: error.message } };
  }
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}
