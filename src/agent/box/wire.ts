import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import { MESH_DEVICE } from '../../model/meshAddress.ts';
import { encodeFrame, HEADER_BYTES, WIRE } from '../../wire/frame.ts';
import { ownMark } from '../processes/runMark.ts';
import { systemProgram } from '../services/program.ts';
import type { Box } from './box.ts';
import { tunHindrance } from './hindrance.ts';

/** Of the relay's own words, for a sentence. */
const LAST_WORDS_BYTES = 500;

interface Relay {
  readonly interpreter: string;
  readonly script: string;
}

/** In order of preference: a packet costs python3 about twice as much. */
const RELAYS: readonly Relay[] = [
  { interpreter: 'perl', script: 'relay.pl' },
  { interpreter: 'python3', script: 'relay.py' },
];

/** Why a machine without any of them gives no wire. One clause. */
export const NO_RELAY = 'it takes perl or python3, of which this machine has neither';

/** What this machine can run as a relay; undefined: nothing. */
export function relayOf(
  relays = RELAYS,
): { readonly program: string; readonly script: string } | undefined {
  const [found] = relays.flatMap(({ interpreter, script }) => {
    const program = systemProgram(interpreter);
    return program === undefined ? [] : [{ program, script }];
  });
  return found;
}

export interface WireOptions {
  readonly box: Pick<Box, 'commandInside' | 'wireMissing'>;
  /** The emulator on the loopback interface of this machine, and the node's token. */
  readonly network: { readonly port: number; readonly token: string };
  /** Of the node. */
  readonly index: number;
  /** Which network of the node it is; left out: its only one. */
  readonly place?: number | undefined;
  /** Holds relay.pl and relay.py. */
  readonly scripts: string;
  /** The node's own: what is in it can be seen inside. */
  readonly folder: string;
  /** The first whose interpreter is there carries the packets; left out: the usual ones. */
  readonly relays?: readonly Relay[];
  /** It ended before `release`: the node is off the mesh for good. One clause. */
  readonly onLost: (why: string) => void;
}

/**
 * The node's wire: its device, and a relay that carries packets between it and the network emulator. It ends with the box,
 * and takes nothing with it but packets.
 */
export class Wire {
  readonly #gone: Promise<string>;
  #said = '';
  #isUp = false;
  #congestionControl = '';
  #isReleased = false;

  private constructor(child: ChildProcess, onLost: WireOptions['onLost']) {
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(0, LAST_WORDS_BYTES);
    });
    this.#gone = new Promise((resolve) => {
      child.once('error', ({ message }) => {
        this.#said = message;
      });
      child.once('close', (code, signal) => {
        const how = signal === null ? `exited with code ${code ?? 0}` : `was ended by ${signal}`;
        const why = `the relay of its wire ${how}${this.#said === '' ? '' : `: ${this.#said.trim()}`}`;
        if (this.#isUp && !this.#isReleased) onLost(why);
        resolve(why);
      });
    });
  }

  /**
   * The connection to the emulator is opened out here and handed over: a socket stays in the network it was opened in.
   * @throws Error why this machine gives no wire, one clause
   */
  static async open(options: WireOptions): Promise<Wire> {
    const { box, scripts, folder, relays = RELAYS } = options;
    if (box.wireMissing !== undefined) throw new Error(tunHindrance(box.wireMissing));
    const found = relayOf(relays);
    if (found === undefined) throw new Error(NO_RELAY);
    const script = path.join(folder, found.script);
    copyFileSync(path.join(scripts, found.script), script);
    const socket = await greeted(options);
    const { file, args } = box.commandInside(found.program, [script, MESH_DEVICE], folder);
    const child = spawn(file, args, {
      cwd: folder,
      env: ownMark(),
      stdio: [socket, 'pipe', 'pipe'],
    });
    socket.destroy();
    const wire = new Wire(child, options.onLost);
    await wire.#untilUp(child);
    return wire;
  }

  /** What TCP inside does unless a program asks for another one, as its kernel calls it. */
  get congestionControl(): string {
    return this.#congestionControl;
  }

  /** From now on it may end: its box is about to. */
  release(): void {
    this.#isReleased = true;
  }

  #untilUp(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      child.stdout?.once('data', (bytes: Buffer) => {
        const [, control = ''] = bytes.toString().trim().split(' ');
        this.#congestionControl = control;
        this.#isUp = true;
        resolve();
      });
      void this.#gone.then((why) => reject(new Error(why)));
    });
  }
}

/** A connection the emulator has let in as this node's wire. It sends no packet before the relay says that the device is up. */
function greeted({ network, index, place = 0 }: WireOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port: network.port, noDelay: true });
    const zero = { b: 0, c: 0, d: 0, sentAt: 0 };
    const header = { kind: WIRE.relay, from: index, to: index, a: place, ...zero };
    socket.write(encodeFrame(header, null, Buffer.from(network.token)));
    let answered = 0;
    socket.on('data', (bytes) => {
      answered += bytes.length;
      if (answered < HEADER_BYTES) return;
      socket.pause();
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the network emulator closed the connection')));
  });
}
