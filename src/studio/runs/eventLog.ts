import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';

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
      this.#failure ??= this.#failureOf(error);
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
      throw this.#failure ?? this.#failureOf(error);
    });
  }

  #failureOf(error: unknown): MeshSimError {
    return (
      machineFault(error, { folder: path.dirname(this.#file) }) ??
      new MeshSimError(
        'disk-failed',
        `${this.#file} could not be written (${messageOf(error)}): check the disk and run again; nothing was sealed.`,
        { cause: error },
      )
    );
  }
}
