import net, { type Socket } from 'node:net';
import { encodeFrame, frameKind, WIRE } from '../wire/frame.ts';
import { FrameReader } from '../wire/frameReader.ts';

/** Reads go into one buffer that is reused: frames are valid only during `onFrame`. */
const READ_BUFFER_BYTES = 256 * 1024;

export interface NetworkLinkOptions {
  readonly port: number;
  readonly token: string;
  readonly index: number;
  readonly incarnation: number;
  /** The emulator has let this node in; comes before any frame. */
  readonly onReady: () => void;
  readonly onFrame: (frame: Buffer) => void;
  /** The connection broke, or its bytes made no sense: this node is off the network for good. */
  readonly onClosed: (error: Error) => void;
}

/** The node's one connection to the emulator. */
export class NetworkLink {
  readonly #socket: Socket;
  #corked = false;

  constructor(options: NetworkLinkOptions) {
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
        callback: (bytes) => {
          try {
            reader.push(buffer.subarray(0, bytes));
          } catch (error) {
            this.#socket.destroy(error instanceof Error ? error : new Error(String(error)));
          }
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
   * Frames of one callback leave together, and before the node does anything else: they carry the time at which they were sent,
   * and a start of a program keeps the thread for tens of milliseconds.
   */
  send(frame: Buffer): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(frame);
  }

  #greet({ index, incarnation, token }: NetworkLinkOptions): void {
    const zero = { b: 0, c: 0, d: 0, sentAt: 0 };
    const header = { kind: WIRE.greeting, from: index, to: index, a: incarnation, ...zero };
    this.#socket.write(encodeFrame(header, null, Buffer.from(token)));
  }
}
