import { pipeline, type Writable } from 'node:stream';
import { messageOf } from '../../../base/errors.ts';
import { regularPieces } from '../../../base/regularFile.ts';

/** Long enough for a busy host to write a piece to its disk. */
const STALLED_MS = 60_000;

export interface UploadsOptions {
  /** A stream to where that file is kept. */
  readonly open: (digest: string) => Writable;
  /** It will not arrive; one clause. */
  readonly onFailed: (digest: string, problem: string) => void;
  /** A file of which nothing is taken for so long does not arrive; left out: a minute. */
  readonly stalledMs?: number | undefined;
}

/** Files on their way to a host. */
export class Uploads {
  readonly #options: UploadsOptions;
  /** By digest: ends one of which nothing is taken. */
  readonly #limits = new Map<string, NodeJS.Timeout>();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  begin(digest: string, file: string): void {
    const { open, onFailed, stalledMs = STALLED_MS } = this.#options;
    const stream = open(digest);
    const fail = (problem: string) => {
      if (!this.arrived(digest)) return;
      stream.destroy();
      onFailed(digest, problem);
    };
    const stalled = () => fail(`nothing of a file was taken for ${stalledMs / 1_000} s`);
    const limit = setTimeout(stalled, stalledMs);
    this.#limits.set(digest, limit);
    pipeline(
      regularPieces(file),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          limit.refresh();
          yield piece;
        }
      },
      stream,
      (error) => {
        if (error) fail(messageOf(error));
      },
    );
  }

  /** Nobody waits for it any more. False: it was not on its way. */
  arrived(digest: string): boolean {
    clearTimeout(this.#limits.get(digest));
    return this.#limits.delete(digest);
  }

  close(): void {
    for (const digest of this.#limits.keys()) this.arrived(digest);
  }
}
