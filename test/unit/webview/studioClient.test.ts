import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ProblemError } from '../../../webview/client/problemError.ts';
import { StudioClient } from '../../../webview/client/studioClient.ts';

function streamOf(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

describe('the client of the page', () => {
  it('follows a run over a lost connection from where it was, until the run ends', async () => {
    const answers = [
      'event: snapshot\nid: g:1\ndata: {}\n\ndata: {"seq":2}\nid: g:2\n\n',
      'data: {"seq":3}\nid: g:3\n\nevent: end\ndata: {"outcome":"pass"}\n\n',
    ];
    const asked: (string | null)[] = [];
    const client = new StudioClient((_, init) => {
      asked.push(new Headers(init?.headers).get('last-event-id'));
      return Promise.resolve(streamOf(answers.shift() ?? ''));
    });
    const seen: unknown[] = [];
    const listener = {
      onSnapshot: () => seen.push('snapshot'),
      onEvent: ({ seq }: { seq: number }) => seen.push(seq),
      onEnd: () => seen.push('end'),
      onConnection: (isConnected: boolean) => seen.push(isConnected),
    };
    await client.follow('x', listener, new AbortController().signal);
    assert.deepEqual(asked, [null, 'g:2']);
    assert.deepEqual(seen, [true, 'snapshot', 2, false, true, 3, 'end']);
  });

  it('gives a sentence for an answer that is no problem details', async () => {
    const client = new StudioClient(() =>
      Promise.resolve(new Response('Bad gateway', { status: 502 })),
    );
    await assert.rejects(client.workspace(), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.match(error.message, /did not answer \(status 502\)/);
      return true;
    });
  });

  it('stops watching when the server refuses it', async () => {
    const refusal = JSON.stringify({ code: 'token-missing', detail: 'Open it by its address.' });
    const client = new StudioClient(() => Promise.resolve(new Response(refusal, { status: 401 })));
    const listener = { onChange: () => undefined, onConnection: () => undefined };
    const watching = client.watch(listener, new AbortController().signal);
    await assert.rejects(watching, /Open it by its address/);
  });

  it('tells when it lost the workspace, and tries again at once when asked to', async () => {
    const ends = new AbortController();
    let asked = 0;
    const client = new StudioClient(() => {
      asked += 1;
      return Promise.resolve(streamOf(''));
    });
    const seen: unknown[] = [];
    const watching = client.watch(
      {
        onChange: () => seen.push('changed'),
        onConnection: (isConnected) => {
          seen.push(isConnected);
          if (asked === 6) ends.abort();
          // Without this the pauses of six connections would add up to seconds.
          else if (!isConnected) queueMicrotask(() => client.retry());
        },
      },
      ends.signal,
    );
    await watching;
    assert.deepEqual(seen.slice(0, 4), [true, 'changed', false, true]);
    assert.equal(asked, 6);
  });

  it('says nothing more once it was told to stop', async () => {
    const ends = new AbortController();
    const client = new StudioClient(() => {
      ends.abort();
      return Promise.reject(new Error('aborted'));
    });
    const seen: unknown[] = [];
    const listener = {
      onChange: () => seen.push('changed'),
      onConnection: (is: boolean) => seen.push(is),
    };
    await client.watch(listener, ends.signal);
    assert.deepEqual(seen, []);
  });
});
