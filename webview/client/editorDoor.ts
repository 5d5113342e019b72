import type { HostMessage, PageMessage, TunnelAnswer } from '../../src/model/tunnel.ts';
import type { Door } from './studioClient.ts';

/** The two ends of postMessage, as the tunnel needs them. */
export interface EditorPort {
  post(message: PageMessage): void;
  /** @returns how to stop listening */
  listen(listener: (message: HostMessage) => void): () => void;
}

interface Waiting {
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
  /** Removes the listener on the caller's signal. */
  readonly release: () => void;
  body: ReadableStreamDefaultController<Uint8Array> | undefined;
}

/** A fetch through the extension host: every request settles, and one that was aborted hears nothing more of the host. */
export class EditorDoor {
  readonly #port: EditorPort;
  readonly #stopListening: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(port: EditorPort) {
    this.#port = port;
    this.#stopListening = port.listen((message) => {
      if (message.type !== 'navigate') this.#receive(message);
    });
  }

  readonly fetch: Door = async (url, init = {}) => {
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const request = new Request(new URL(url, 'http://studio'), init);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    signal?.throwIfAborted();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#abandon(id, asError(signal?.reason));
      };
      signal?.addEventListener('abort', abort, { once: true });
      const release = (): void => signal?.removeEventListener('abort', abort);
      this.#waiting.set(id, { resolve, reject, release, body: undefined });
      this.#port.post({
        type: 'request',
        id,
        method: request.method,
        url,
        headers: [...request.headers],
        ...(body === undefined ? {} : { body }),
      });
    });
  };

  /** Aborts what is under way and hears nothing more. */
  close(): void {
    for (const id of [...this.#waiting.keys()])
      this.#abandon(id, new Error('The page was closed.'));
    this.#stopListening();
  }

  #abandon(id: number, reason: Error): void {
    if (!this.#waiting.has(id)) return;
    this.#port.post({ type: 'abort', id });
    this.#fail(id, reason);
  }

  #settled(id: number): Waiting | undefined {
    const one = this.#waiting.get(id);
    this.#waiting.delete(id);
    one?.release();
    return one;
  }

  #fail(id: number, error: Error): void {
    const one = this.#settled(id);
    if (one?.body === undefined) one?.reject(error);
    else one.body.error(error);
  }

  #receive(message: TunnelAnswer): void {
    const { id } = message;
    const one = this.#waiting.get(id);
    switch (message.type) {
      case 'head':
        one?.resolve(this.#responseOf(message, one));
        return;
      case 'chunk':
        one?.body?.enqueue(new Uint8Array(message.bytes));
        return;
      case 'end':
        this.#settled(id)?.body?.close();
        return;
      case 'error':
        this.#fail(id, new Error(message.sentence));
    }
  }

  #responseOf({ id, status, headers }: Extract<TunnelAnswer, { type: 'head' }>, one: Waiting) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => (one.body = controller),
      cancel: () => {
        if (this.#settled(id) !== undefined) this.#port.post({ type: 'abort', id });
      },
    });
    const pairs = headers.map(([name, value]): [string, string] => [name, value]);
    return new Response(status === 204 ? null : body, { status, headers: pairs });
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
