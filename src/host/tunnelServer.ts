import { messageOf } from '../base/errors.ts';
import type { PageMessage, TunnelAnswer, TunnelRequest } from '../model/tunnel.ts';

/** Only gives URLs a base: no request leaves the process. */
const ORIGIN = 'http://studio.invalid';

export type Fetch = (request: Request) => Response | Promise<Response>;

/** The host's end of the tunnel: answers a page's requests with `fetch`, and forgets them all when disposed. */
export class TunnelServer {
  readonly #fetch: Fetch;
  readonly #post: (answer: TunnelAnswer) => void;
  readonly #open = new Map<number, AbortController>();

  constructor(fetch: Fetch, post: (answer: TunnelAnswer) => void) {
    this.#fetch = fetch;
    this.#post = post;
  }

  /** Resolves when the request is answered, aborted or failed; never rejects. */
  async receive(message: Extract<PageMessage, { type: 'request' | 'abort' }>): Promise<void> {
    if (message.type === 'abort') {
      this.#open.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    this.#open.set(message.id, controller);
    try {
      await this.#answer(message, controller.signal);
    } catch (error) {
      this.#postUnless(controller.signal, {
        type: 'error',
        id: message.id,
        sentence: messageOf(error),
      });
    } finally {
      this.#open.delete(message.id);
    }
  }

  /** Ends every stream. */
  dispose(): void {
    for (const controller of this.#open.values()) controller.abort();
  }

  async #answer(request: TunnelRequest, signal: AbortSignal): Promise<void> {
    const { id } = request;
    const response = await this.#fetch(asRequest(request, signal));
    this.#postUnless(signal, {
      type: 'head',
      id,
      status: response.status,
      headers: [...response.headers],
    });
    const reader = response.body?.getReader();
    const cancel = () => void reader?.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) break;
      this.#postUnless(signal, { type: 'chunk', id, bytes: part.value as Uint8Array });
    }
    this.#postUnless(signal, { type: 'end', id });
  }

  #postUnless(signal: AbortSignal, answer: TunnelAnswer): void {
    if (!signal.aborted) this.#post(answer);
  }
}

function asRequest({ method, url, headers, body }: TunnelRequest, signal: AbortSignal): Request {
  const init = { method, headers, signal };
  return new Request(
    new URL(url, ORIGIN),
    body === undefined ? init : { ...init, body: new Uint8Array(body) },
  );
}
