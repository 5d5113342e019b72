import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import { MESH_DEVICE } from '../../model/meshAddress.ts';
import { encodeFrame, HEADER_BYTES, WIRE } from '../../wire/frame.ts';
import { ownMark } from '../processes/runMark.ts';
import { systemProgram } from '../services/program.ts';
import type { Box } from './box.ts';
import { tunHindrance } from './hindrance.ts';
import { relayEnd } from './relayEnd.ts';

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
  readonly box: Pick<Box, 'commandInside' | 'doorway' | 'isWireGiven' | 'wireMissing'>;
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
  /** Where the box was given no connection: the first whose interpreter is there carries the packets; left out: the usual ones. */
  readonly relays?: readonly Relay[];
  /** It ended before `release`: the node is off the mesh for good. One clause. */
  readonly onLost: (why: string) => void;
}

/**
 * The node's wire: its device, and a relay that carries packets between it and the network emulator. It ends with the box,
 * and takes nothing with it but packets.
 */
export class Wire {
  /** What TCP inside does unless a program asks for another one, as its kernel calls it. */
  readonly congestionControl: string;
  /** Its relay is a program that entered the box, which proves that programs can. */
  readonly hasEntered: boolean;
  #isReleased = false;

  private constructor(relay: RunningRelay, onLost: WireOptions['onLost']) {
    this.congestionControl = relay.congestionControl;
    this.hasEntered = relay.hasEntered;
    void relay.ended.then((why) => {
      if (!this.#isReleased) onLost(why);
    });
  }

  /** @throws Error why this machine gives no wire, one clause */
  static async open(options: WireOptions): Promise<Wire> {
    const { box, onLost } = options;
    if (box.wireMissing !== undefined) throw new Error(tunHindrance(box.wireMissing));
    return new Wire(await (box.isWireGiven ? forkedRelay(box) : enteringRelay(options)), onLost);
  }

  /** From now on it may end: its box is about to. */
  release(): void {
    this.#isReleased = true;
  }
}

interface RunningRelay {
  readonly congestionControl: string;
  readonly hasEntered: boolean;
  /** Resolves to why there is none any more, one clause. */
  readonly ended: Promise<string>;
}

/** Over the connection that the box was given. @throws Error why there is none, one clause */
async function forkedRelay({ doorway }: Pick<Box, 'doorway'>): Promise<RunningRelay> {
  let onEnd: (why: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (onEnd = resolve));
  return { congestionControl: await doorway.relay(onEnd), hasEntered: false, ended };
}

/**
 * By a program that enters the box. The connection to the emulator is opened out here and handed over: a socket stays in the network
 * it was opened in.
 * @throws Error why there is none, one clause
 */
async function enteringRelay(options: WireOptions): Promise<RunningRelay> {
  const { box, scripts, folder, relays = RELAYS } = options;
  const found = relayOf(relays);
  if (found === undefined) throw new Error(NO_RELAY);
  const script = path.join(folder, found.script);
  copyFileSync(path.join(scripts, found.script), script);
  const socket = await wireConnection(options);
  const { file, args } = box.commandInside(found.program, [script, MESH_DEVICE], folder);
  const child = spawn(file, args, {
    cwd: folder,
    env: ownMark(),
    stdio: [socket, 'pipe', 'pipe'],
  });
  socket.destroy();
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(0, LAST_WORDS_BYTES);
  });
  child.once('error', ({ message }) => (said = message));
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(relayEnd({ code, signal, said })));
  });
  const up = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) =>
      resolve(bytes.toString().trim().split(' ')[1] ?? ''),
    );
    void ended.then((why) => reject(new Error(why)));
  });
  return { congestionControl: await up, hasEntered: true, ended };
}

/** A connection that the emulator has let in as this node's wire. It sends no packet before the relay says that the device is up. */
export function wireConnection({
  network,
  index,
  place = 0,
}: Pick<WireOptions, 'network' | 'index' | 'place'>): Promise<Socket> {
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
