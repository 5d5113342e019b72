import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { MeshSimError } from '../../base/errors.ts';
import type { CaptureMode } from '../../model/captureMode.ts';
import { pcapngDropped } from '../../runtime/pcapng.ts';
import type { CapturedBlocks } from '../../runtime/real/switch/packetCapture.ts';
import { writeFailure } from './writeFailure.ts';

/** A capture takes so much of the disk at most. */
export const CAPTURE_BYTES = 64 * 1024 * 1024;
/** What a disk has not taken yet waits in memory, up to so much: a slow disk is not to stall a run. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024;
const OWNER_ONLY = 0o600;

export interface CaptureFileOptions {
  /** Folder of the run's record. */
  readonly folder: string;
  readonly mode: CaptureMode;
  /** Hears at once when something could not be written (`disk-failed`). */
  readonly onFailure: (error: MeshSimError) => void;
  readonly limitBytes?: number;
}

/** Name of a part of a capture; the two newest are kept. */
export function capturePart(mode: CaptureMode, number: number): string {
  return `capture-${mode}.${number}`;
}

/**
 * The capture of a run while it goes on: blocks of pcapng in a ring of files, each of half the limit. When the newest is
 * full, the one before the last is removed.
 */
export class CaptureFile {
  readonly #options: CaptureFileOptions;
  /** By number; those that were removed are undefined. */
  readonly #parts: (WriteStream | undefined)[] = [];
  readonly #removals: Promise<void>[] = [];
  #failure: MeshSimError | undefined;
  #written = 0;
  #missed = 0;
  /** Wall ms of what came last. */
  #at = 0;
  #stream: WriteStream;

  constructor(options: CaptureFileOptions) {
    this.#options = options;
    this.#stream = this.#open();
  }

  write({ blocks, packets, at }: CapturedBlocks): void {
    if (this.#failure !== undefined) return;
    this.#at = at;
    if (this.#stream.writableLength + blocks.length > MOST_WAITING_BYTES) {
      this.#missed += packets;
      return;
    }
    const { limitBytes = CAPTURE_BYTES } = this.#options;
    if (this.#written > 0 && this.#written + blocks.length > limitBytes / 2) this.#turn();
    this.#tellMissed();
    this.#append(blocks);
  }

  /** @throws MeshSimError `disk-failed` when something could not be written: such a run is not sealed */
  async close(): Promise<void> {
    this.#tellMissed();
    this.#stream.end();
    const open = this.#parts.filter((stream) => stream !== undefined);
    await Promise.all(open.map((stream) => finished(stream))).catch((error: unknown) => {
      throw this.#failure ?? writeFailure(this.#options.folder, error);
    });
    await Promise.all(this.#removals);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #tellMissed(): void {
    if (this.#missed > 0) this.#append(pcapngDropped(this.#at, this.#missed));
    this.#missed = 0;
  }

  #append(bytes: Uint8Array): void {
    this.#written += bytes.length;
    this.#stream.write(bytes);
  }

  #turn(): void {
    this.#stream.end();
    this.#written = 0;
    this.#stream = this.#open();
    const oldest = this.#parts.length - 3;
    if (oldest >= 0) this.#removals.push(this.#remove(oldest));
  }

  #open(): WriteStream {
    const file = this.#partAt(this.#parts.length);
    const stream = createWriteStream(file, { flags: 'wx', mode: OWNER_ONLY });
    stream.on('error', (error) => this.#fail(file, error));
    this.#parts.push(stream);
    return stream;
  }

  /** Once it has been written: a file that is still to be created would outlive its removal. */
  async #remove(number: number): Promise<void> {
    const stream = this.#parts[number];
    this.#parts[number] = undefined;
    const file = this.#partAt(number);
    try {
      if (stream !== undefined) await finished(stream);
      await rm(file, { force: true });
    } catch (error) {
      this.#fail(file, error);
    }
  }

  #partAt(number: number): string {
    return path.join(this.#options.folder, capturePart(this.#options.mode, number));
  }

  #fail(file: string, error: unknown): void {
    this.#failure ??= writeFailure(file, error);
    this.#options.onFailure(this.#failure);
  }
}
