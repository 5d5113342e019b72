import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { openRegular } from '../../base/regularFile.ts';
import { eventSchema, type MeshEvent } from '../../model/events.ts';

const READ_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** The events.jsonl of a run, read from where the last read stopped; another process may still be writing to it. */
export class EventTail {
  readonly #file: string;
  readonly #simId: string;
  readonly #digest = createHash('sha256');
  /** Bytes after the last complete line. */
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;
  #seq = -1;

  constructor(file: string, simId: string) {
    this.#file = file;
    this.#simId = simId;
  }

  /**
   * Hands over the events of all lines completed since the last call; false when there is no file (yet).
   * @throws MeshSimError `evidence-invalid` for a line that is not the next event of this run, or a system error
   */
  async read(onEvent: (event: MeshEvent) => void): Promise<boolean> {
    const handle = await openIfThere(this.#file);
    if (handle === undefined) return false;
    try {
      for (let part = await this.#next(handle); part.length > 0; part = await this.#next(handle)) {
        this.#take(part, onEvent);
      }
      return true;
    } finally {
      await handle.close();
    }
  }

  /** SHA-256 of everything read, complete or not: what the evidence of a sealed run commits to. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  async #next(handle: FileHandle): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, this.#offset);
    this.#offset += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  #take(part: Buffer, onEvent: (event: MeshEvent) => void): void {
    this.#digest.update(part);
    const bytes = Buffer.concat([this.#rest, part]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#rest = bytes.subarray(end);
    const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
    for (const line of lines) onEvent(this.#eventOf(line));
  }

  #eventOf(line: string): MeshEvent {
    this.#seq += 1;
    try {
      const event = eventSchema.parse(JSON.parse(line));
      if (event.seq === this.#seq && event.simId === this.#simId) return event;
    } catch (error) {
      throw this.#unreadable(messageOf(error).split('\n')[0] ?? '', error);
    }
    throw this.#unreadable('it is out of order or of another run');
  }

  #unreadable(problem: string, cause?: unknown): MeshSimError {
    return new MeshSimError(
      'evidence-invalid',
      `Line ${this.#seq + 1} of ${this.#file} is not the next event of simulation ${this.#simId} (${problem}), so this run cannot be shown.`,
      { cause },
    );
  }
}

/** Of a run whose evidence is here, and its events are not. */
export function eventsElsewhere(simId: string): MeshSimError {
  return new MeshSimError(
    'run-unknown',
    `The events of simulation ${simId} are not in this workspace: they stay in the folder it was run in.`,
  );
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await openRegular(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
