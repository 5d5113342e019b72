import type { Readable } from 'node:stream';

/** Well below what an orchestrator takes of what it did not ask for (wire/mux/allowance). */
const BYTES_PER_MS = 50;
const LEAST_MS = 10;

/**
 * Hands on what an agent says on its stderr, all of it, and no faster than an orchestrator takes it: one that says more waits until it
 * is read. Nothing may be left out, since only the orchestrator knows which secrets are to be masked in it.
 */
export function hearWords(errors: Readable, say: (bytes: Buffer) => void): void {
  errors.on('data', (bytes: Buffer) => {
    say(bytes);
    errors.pause();
    setTimeout(() => errors.resume(), Math.max(LEAST_MS, bytes.length / BYTES_PER_MS));
  });
}
