import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { TunnelServer, type Fetch } from '../../../src/host/tunnelServer.ts';
import type { TunnelAnswer, TunnelRequest } from '../../../src/model/tunnel.ts';

const GET: TunnelRequest = {
  type: 'request',
  id: 7,
  method: 'GET',
  url: '/api/health',
  headers: [],
};

function tunnelTo(fetch: Fetch) {
  const answers: TunnelAnswer[] = [];
  return { answers, tunnel: new TunnelServer(fetch, (answer) => answers.push(answer)) };
}

describe('the tunnel of a webview', () => {
  it('answers with the head, the body in chunks and the end', async () => {
    const { tunnel, answers } = tunnelTo(() => new Response('ok', { status: 202 }));

    await tunnel.receive(GET);

    assert.deepEqual(
      answers.map(({ type, id }) => [type, id]),
      [
        ['head', 7],
        ['chunk', 7],
        ['end', 7],
      ],
    );
    assert.equal(answers[0]?.type === 'head' && answers[0].status, 202);
  });

  it('passes method, path, headers and body on', async () => {
    let seen: Promise<string> | undefined;
    const { tunnel } = tunnelTo((request) => {
      const { pathname } = new URL(request.url);
      const label = request.headers.get('x-label');
      seen = request.text().then((body) => `${request.method} ${pathname} ${label} ${body}`);
      return new Response();
    });
    const body = new TextEncoder().encode('bytes');

    await tunnel.receive({
      ...GET,
      method: 'POST',
      url: '/api/verify?a=1',
      headers: [['x-label', 'kept']],
      body,
    });

    assert.equal(await seen, 'POST /api/verify kept bytes');
  });

  it('sends a chunk before the stream has ended, and ends the stream when the page aborts', async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([1])),
      cancel: () => {
        isCancelled = true;
      },
    });
    const answers = new EventEmitter();
    const chunk = once(answers, 'chunk');
    const tunnel = new TunnelServer(
      () => new Response(endless),
      ({ type }) => answers.emit(type),
    );

    const answered = tunnel.receive(GET);
    await chunk;
    await tunnel.receive({ type: 'abort', id: GET.id });
    await answered;

    assert.equal(isCancelled, true);
  });

  it('tells a request that threw as an error of its own', async () => {
    const { tunnel, answers } = tunnelTo(() => Promise.reject(new Error('no answer')));

    await tunnel.receive(GET);

    assert.deepEqual(answers, [{ type: 'error', id: 7, sentence: 'no answer' }]);
  });
});
