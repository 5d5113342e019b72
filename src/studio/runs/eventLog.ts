import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { MeshSimError } from '../../base/errors.ts';
import { writeFailure } from './writeFailure.ts';

/** The events.jsonl of a run: one line per event, in order. */
export class EventLog {
  readonly #file: string;
  readonly #stream: WriteStream;
  #failure: MeshSimError | undefined;

  /** `onFailure` hears at once of a line that could not be written (`disk-failed`). */
  constructor(file: string, onFailure: (error: MeshSimError) => void) {
    this.#file = file;
    this.#stream = createWriteStream(file, { flags: 'wx' });
    this.#stream.on('error', (error) => {
      this.#failure ??= writeFailure(this.#file, error);
      onFailure(this.#failure);
    });
  }

  write(line: string): void {
    if (this.#failure === undefined) this.#stream.write(`${line}\n`);
  }

  /** @throws MeshSimError `disk-failed` when a line could not be written: such a run is not sealed */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream).catch((error: unknown) => {
      throw this.#failure ?? writeFailure(this.#file, error);
    });
  }
}
