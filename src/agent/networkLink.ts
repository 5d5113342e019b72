import net, { type Socket } from 'node:net';
import { encodeFrame, frameKind, stampFrame, WIRE } from '../wire/frame.ts';
import { FrameReader } from '../wire/frameReader.ts';

/** Reads go into one buffer that is reused: frames are valid only during `onFrame`. */
const READ_BUFFER_BYTES = 256 * 1024;

/** Handed to the connection at once: so little that it leaves within a millisecond. */
const BATCH_BYTES = 64 * 1024;

export interface NetworkLinkOptions {
  readonly port: number;
  readonly token: string;
  readonly index: number;
  readonly incarnation: number;
  /** ms since the run began. */
  readonly now: () => number;
  /** The emulator has let this node in; comes before any frame. */
  readonly onReady: () => void;
  readonly onFrame: (frame: Buffer) => void;
  /** The connection broke: this node is off the network for good. */
  readonly onClosed: (error: Error) => void;
}

/** The node's one connection to the emulator. */
export class NetworkLink {
  readonly #socket: Socket;
  readonly #now: () => number;
  readonly #waiting: Buffer[] = [];
  #isScheduled = false;

  constructor(options: NetworkLinkOptions) {
    this.#now = options.now;
    const reader = new FrameReader(
      (frame) => {
        if (frameKind(frame) === WIRE.welcome) options.onReady();
        else options.onFrame(frame);
      },
      { retain: false },
    );
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    this.#socket = net.connect({
      host: '127.0.0.1',
      port: options.port,
      noDelay: true,
      onread: {
        buffer,
        // What fails over a frame, such as a disk that takes no more, is no fault of the connection: it ends the agent, with its reason.
        callback: (bytes) => {
          reader.push(buffer.subarray(0, bytes));
          return true;
        },
      },
    });
    let failure = new Error('the network emulator closed the connection');
    this.#socket.on('error', (error) => {
      failure = error;
    });
    this.#socket.on('close', () => options.onClosed(failure));
    this.#greet(options);
  }

  /**
   * Frames of one callback leave together, and before the node does anything else: the start of a program keeps the thread for
   * tens of milliseconds. What the connection does not take yet waits here, as behind a network interface. Frames are sent when
   * they leave, and say so.
   */
  send(frame: Buffer): void {
    this.#waiting.push(frame);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const socket = this.#socket;
    while (this.#waiting.length > 0 && socket.writableLength === 0 && !socket.destroyed) {
      const batch = this.#waiting.splice(0, batchLength(this.#waiting));
      const sentAt = this.#now();
      socket.cork();
      for (const frame of batch) {
        stampFrame(frame, sentAt);
        socket.write(frame, frame === batch.at(-1) ? () => this.#flush() : undefined);
      }
      socket.uncork();
    }
  }

  #greet({ index, incarnation, token }: NetworkLinkOptions): void {
    const zero = { b: 0, c: 0, d: 0, sentAt: 0 };
    const header = { kind: WIRE.greeting, from: index, to: index, a: incarnation, ...zero };
    this.#socket.write(encodeFrame(header, null, Buffer.from(token)));
  }
}

/** How many of the first frames make a batch: at least one. */
function batchLength(frames: readonly Buffer[]): number {
  let bytes = 0;
  const end = frames.findIndex(({ length }) => (bytes += length) > BATCH_BYTES);
  return end === -1 ? frames.length : Math.max(end, 1);
}
