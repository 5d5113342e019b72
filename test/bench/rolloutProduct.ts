import { blob, createTinyProduct, type TinyProduct } from '../support/tinyProduct.ts';

/** A service that costs nothing: what is measured is the rollout. */
const IDLE_SERVICE = {
  start: ['sleep', '600'],
  env: {},
  ports: {},
  health: { command: ['true'], intervalMs: 20, timeoutMs: 1_000, deadlineMs: 15_000 },
};

const PART_BYTES = 4 * 1024 * 1024;

/** A signed product of `bytes`, all of them different content. */
export function rolloutProduct(bytes: number): Promise<TinyProduct> {
  const parts = Math.ceil(bytes / PART_BYTES);
  const files = Object.fromEntries(
    Array.from({ length: parts }, (_, part) => [
      `part${part}.txt`,
      blob(Math.min(PART_BYTES, bytes - part * PART_BYTES), part + 1),
    ]),
  );
  return createTinyProduct([{ name: 'app', files, entry: IDLE_SERVICE }]);
}
