import type { Readable, Writable } from 'node:stream';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import type { Allowance } from './allowance.ts';
import { CONTROL_CHANNEL, MAX_CHANNEL, muxFrame, MuxReader } from './muxFrame.ts';
import { MuxStream, type MuxCarrier } from './muxStream.ts';

/** More are open at no time: a remote that opens streams without end fills no memory. */
const MAX_STREAMS = 1_024;
/** That a stream ends, breaks off, and what came over it. */
const NEWS_OF_A_STREAM = 4;

type Internal =
  | { readonly mux: 'open'; readonly channel: number; readonly tag: string }
  | { readonly mux: 'credit'; readonly channel: number; readonly bytes: number }
  | { readonly mux: 'end' | 'reset'; readonly channel: number };

export interface MuxOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** The side that opened the pipe; streams of the two have odd and even channels. */
  readonly isOpener: boolean;
  /** Bounds what the other side says; left out: it is trusted. */
  readonly allowance?: Allowance;
  /** What the other side said, as JSON made it: nobody has checked it. */
  readonly onMessage: (message: unknown) => void;
  /** The other side has opened a stream. */
  readonly onStream: (stream: MuxStream, tag: string) => void;
  /** Nothing goes either way any more. Undefined: the other side has ended the pipe; a MeshSimError: it says what no keeper would. Called once. */
  readonly onClosed: (error: Error | undefined) => void;
}

/** Many streams and a control channel over one pair of pipes. */
export class Mux {
  readonly #options: MuxOptions;
  readonly #streams = new Map<number, MuxStream>();
  readonly #carrier: MuxCarrier;
  #nextChannel: number;
  #isClosed = false;

  constructor(options: MuxOptions) {
    this.#options = options;
    this.#nextChannel = options.isOpener ? 1 : 2;
    this.#carrier = {
      sendData: (channel, bytes) => {
        // It may be told how much of it was read.
        this.#options.allowance?.earn(1);
        return this.#write(muxFrame(channel, bytes));
      },
      sendCredit: (channel, bytes) => this.#tell({ mux: 'credit', channel, bytes }),
      sendEnd: (channel) => this.#tell({ mux: 'end', channel }),
      sendReset: (channel) => this.#tell({ mux: 'reset', channel }),
      forget: ({ channel }) => this.#streams.delete(channel),
    };
    const { input, output } = options;
    const reader = new MuxReader(
      (message) => this.#listen(message),
      (channel, bytes) => this.#receive(channel, bytes),
    );
    input.on('data', (bytes: Buffer) => {
      try {
        if (!this.#isClosed) reader.push(bytes);
      } catch (error) {
        this.close(error instanceof Error ? error : new Error(messageOf(error)));
      }
    });
    input.once('end', () => this.close());
    input.once('close', () => this.close());
    input.once('error', (error) => this.close(error));
    output.on('error', (error) => this.close(error));
    output.on('drain', () => this.#pumpAll());
  }

  /**
   * Says something on the control channel; it overtakes what streams have not sent yet.
   * @param answers see Allowance
   */
  send(message: object, answers = 1): void {
    this.#options.allowance?.earn(answers);
    this.#tell({ message });
  }

  open(tag: string): MuxStream {
    const channel = this.#freeChannel();
    this.#options.allowance?.earn(NEWS_OF_A_STREAM);
    this.#tell({ mux: 'open', channel, tag });
    return this.#add(channel);
  }

  /** Ends all streams; the pipes are the caller's to end. */
  close(error?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stream of [...this.#streams.values()]) stream.destroy();
    this.#options.onClosed(error);
  }

  #freeChannel(): number {
    for (let tries = 0; tries < MAX_CHANNEL; tries += 1) {
      const channel = this.#nextChannel;
      this.#nextChannel = channel + 2 > MAX_CHANNEL ? 1 + ((channel + 1) % 2) : channel + 2;
      if (!this.#streams.has(channel)) return channel;
    }
    throw new MeshSimError('internal', 'A pipe to a host has no stream left.');
  }

  #add(channel: number): MuxStream {
    const stream = new MuxStream(channel, this.#carrier);
    // Whoever uses it hears of its end by `close`.
    stream.on('error', () => undefined);
    this.#streams.set(channel, stream);
    return stream;
  }

  #write(frame: Buffer): boolean {
    if (this.#isClosed || !this.#options.output.writable) return true;
    return this.#options.output.write(frame);
  }

  #tell(message: Internal | { readonly message: object }): void {
    this.#write(muxFrame(CONTROL_CHANNEL, Buffer.from(JSON.stringify(message))));
  }

  /** In turn, beginning with another one each time would be fairer: windows are small, so nobody waits long. */
  #pumpAll(): void {
    for (const stream of this.#streams.values()) stream.pump();
  }

  #listen(message: Buffer): void {
    if (this.#options.allowance?.spend(message.length) === false) {
      throw outOfStep('says more than it is asked for');
    }
    this.#hear(parsed(message));
  }

  #hear(said: unknown): void {
    if (typeof said !== 'object' || said === null) throw outOfStep('is no object');
    if ('message' in said) {
      this.#options.onMessage(said.message);
      return;
    }
    const { mux, channel } = said as Internal;
    const stream = this.#streams.get(channel);
    if (mux === 'open') this.#opened(channel, (said as { tag: unknown }).tag);
    else if (mux === 'credit') stream?.receiveCredit(countOf((said as { bytes: unknown }).bytes));
    else if (mux === 'end') stream?.receiveEnd();
    else stream?.destroy();
  }

  #opened(channel: number, tag: unknown): void {
    const isTheirs = Number.isInteger(channel) && channel > 0 && channel <= MAX_CHANNEL;
    if (!isTheirs || typeof tag !== 'string' || this.#streams.has(channel)) {
      throw outOfStep('opens a stream that cannot be');
    }
    if (this.#streams.size >= MAX_STREAMS) throw outOfStep(`opens over ${MAX_STREAMS} streams`);
    this.#options.onStream(this.#add(channel), tag);
  }

  #receive(channel: number, bytes: Buffer): void {
    // Of a stream that was ended here, the rest may still be under way.
    const stream = this.#streams.get(channel);
    if (stream?.receive(bytes) === false) throw outOfStep('sends more than it may');
  }
}

function parsed(message: Buffer): unknown {
  try {
    return JSON.parse(message.toString('utf8'));
  } catch {
    throw outOfStep('says what is no JSON');
  }
}

function countOf(bytes: unknown): number {
  if (typeof bytes === 'number' && bytes > 0) return bytes;
  throw outOfStep('gives no credit');
}

function outOfStep(what: string): MeshSimError {
  return new MeshSimError('host-failed', `The keeper of a node ${what}: it is not one of ours.`);
}
