import { MeshSimError } from '../base/errors.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';

/** A client repeats a request within seconds; a thousand answers are minutes of the busiest one. */
const ANSWERS_HELD = 1_000;

interface Held<T> {
  readonly request: string;
  readonly answer: Promise<T>;
}

/**
 * Answers a repeated request with the first answer, as the Idempotency-Key header field asks (IETF httpapi draft). A
 * request that failed is forgotten, so that it can be tried again.
 */
export class Idempotency<T> {
  readonly #held = new Map<string, Held<T>>();

  /** @throws MeshSimError `idempotency-conflict` when the key came with another request before */
  once(key: string | undefined, request: unknown, run: () => Promise<T>): Promise<T> {
    if (key === undefined) return run();
    const digest = sha256Hex(canonicalBytes(request));
    const earlier = this.#held.get(key);
    if (earlier !== undefined) {
      if (earlier.request === digest) return earlier.answer;
      throw new MeshSimError(
        'idempotency-conflict',
        'This Idempotency-Key was used for another request: take a new key.',
      );
    }
    const answer = run();
    this.#held.set(key, { request: digest, answer });
    answer.catch(() => this.#held.delete(key));
    const [oldest] = this.#held.keys();
    if (this.#held.size > ANSWERS_HELD && oldest !== undefined) this.#held.delete(oldest);
    return answer;
  }
}
