import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { MeshSimError, messageOf } from '../base/errors.ts';

/** The events.jsonl of a run: one line per event, in order. */
export class EventLog {
  readonly #file: string;
  readonly #stream: WriteStream;
  #failure: Error | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#stream = createWriteStream(file, { flags: 'wx' });
    this.#stream.on('error', (error) => (this.#failure = error));
  }

  write(line: string): void {
    if (this.#failure === undefined) this.#stream.write(`${line}\n`);
  }

  /** @throws MeshSimError `disk-failed` when a line could not be written: such a run is not sealed */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream).catch((error: unknown) => {
      throw new MeshSimError(
        'disk-failed',
        `${this.#file} could not be written (${messageOf(error)}): free some space and run again; nothing was sealed.`,
        { cause: error },
      );
    });
  }
}
