import type { HostMessage, Navigate, PageMessage } from '../../src/model/tunnel.ts';
import type { Door } from './studioClient.ts';

interface Waiting {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
  body: ReadableStreamDefaultController<Uint8Array> | undefined;
}

let editor: ReturnType<typeof acquireVsCodeApi> | undefined;

/** The editor hands its API out once per page. */
function editorApi(): ReturnType<typeof acquireVsCodeApi> {
  editor ??= acquireVsCodeApi();
  return editor;
}

export function tellHost(message: PageMessage): void {
  editorApi().postMessage(message);
}

export function onNavigate(listener: (to: Navigate) => void): void {
  addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
    if (data.type === 'navigate') listener(data);
  });
}

/** A fetch through the extension host. */
export function editorFetch(): Door {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
    if (data.type !== 'navigate') receive(waiting, data);
  });
  return async (url, init = {}) => {
    const id = ++lastId;
    const request = new Request(new URL(url, 'http://studio'), init);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, body: undefined });
      init.signal?.addEventListener('abort', () => {
        tellHost({ type: 'abort', id });
        receive(waiting, { type: 'error', id, sentence: 'aborted' });
      });
      tellHost({
        type: 'request',
        id,
        method: request.method,
        url,
        headers: [...request.headers],
        ...(body === undefined ? {} : { body }),
      });
    });
  };
}

function receive(
  waiting: Map<number, Waiting>,
  message: Exclude<HostMessage, { type: 'navigate' }>,
): void {
  const one = waiting.get(message.id);
  if (one === undefined) return;
  switch (message.type) {
    case 'head': {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => (one.body = controller),
      });
      const { status } = message;
      const headers = message.headers.map(([name, value]): [string, string] => [name, value]);
      one.resolve(new Response(status === 204 ? null : body, { status, headers }));
      return;
    }
    case 'chunk':
      one.body?.enqueue(new Uint8Array(message.bytes));
      return;
    case 'end':
      one.body?.close();
      waiting.delete(message.id);
      return;
    case 'error': {
      const error = new Error(message.sentence);
      if (one.body === undefined) one.reject(error);
      else one.body.error(error);
      waiting.delete(message.id);
    }
  }
}
