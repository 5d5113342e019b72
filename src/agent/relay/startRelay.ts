import { spawn, type ChildProcess } from 'node:child_process';
import net, { type Socket } from 'node:net';
import path from 'node:path';
import { encodeFrame, HEADER_BYTES, WIRE } from '../../wire/frame.ts';
import { ownMark } from '../processes/runMark.ts';
import { findProgram } from '../services/program.ts';
import { addressOf, DEVICE, setUpCommands } from './meshAddress.ts';

/** `ip` is a program of administrators, and often not on the path of others. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Of the relay's own words, for a sentence. */
const LAST_WORDS_BYTES = 500;

/** In order of preference: a packet costs python3 about twice as much. */
const INTERPRETERS = [
  { name: 'perl', script: 'relay.pl' },
  { name: 'python3', script: 'relay.py' },
];

export interface RelayOptions {
  /** The emulator on the loopback interface of this machine, and the run's token. */
  readonly port: number;
  readonly token: string;
  /** Of the node. */
  readonly index: number;
  /** Holds relay.pl and relay.py. */
  readonly scripts: string;
  /** How to execute a program inside the box, with the rights to make a device there. */
  readonly commandInside: (
    file: string,
    args: readonly string[],
  ) => { file: string; args: string[] };
  /** Working folder of the relay: by it, it is found if ever it is left behind. */
  readonly folder: string;
  /** It ended though nobody asked it to: the node is off the mesh for good. One clause. */
  readonly onLost: (why: string) => void;
}

export interface Relay {
  readonly address: string;
  /** Resolves when it is gone, and its device with it. */
  readonly close: () => Promise<void>;
}

/**
 * Connects the box of a node to the network emulator: a TUN device inside, whose packets a relay carries. The connection is
 * opened out here and handed over, since a socket stays in the network it was opened in.
 * @throws Error why this machine gives none, one clause
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const found = INTERPRETERS.flatMap(({ name, script }) => {
    const file = findProgram(name, '/', SYSTEM_PATH);
    return file === undefined ? [] : [{ file, script }];
  })[0];
  const ip = findProgram('ip', '/', SYSTEM_PATH);
  if (found === undefined) throw new Error('it takes perl or python3');
  if (ip === undefined) throw new Error('it takes ip of iproute2');
  const socket = await greeted(options);
  const args = [path.join(options.scripts, found.script), DEVICE, ip, setUpCommands(options.index)];
  const command = options.commandInside(found.file, args);
  const child = spawn(command.file, command.args, {
    cwd: options.folder,
    env: { ...ownMark() },
    stdio: [socket, 'pipe', 'pipe'],
  });
  socket.destroy();
  const relay = watched(child, options);
  await isUp(child, relay);
  return relay;
}

/** Resolves once the device is there. @throws Error with what the relay said */
function isUp(child: ChildProcess, relay: WatchedRelay): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => {
      relay.isUp = true;
      resolve();
    });
    void relay.gone.then((why) => reject(new Error(why)));
  });
}

/** A connection the emulator has let in as this node's wire. It sends nothing before the relay says that the device is up. */
function greeted({ port, token, index }: RelayOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    const zero = { a: 0, b: 0, c: 0, d: 0, sentAt: 0 };
    const header = { kind: WIRE.relay, from: index, to: index, ...zero };
    socket.write(encodeFrame(header, null, Buffer.from(token)));
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

/** `gone` resolves to how it ended. */
interface WatchedRelay extends Relay {
  isUp: boolean;
  readonly gone: Promise<string>;
}

function watched(child: ChildProcess, { index, onLost }: RelayOptions): WatchedRelay {
  let said = '';
  let isClosing = false;
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(0, LAST_WORDS_BYTES);
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => {
      said = message;
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `exited with code ${code ?? 0}` : `was ended by ${signal}`;
      const why = `the relay ${how}${said === '' ? '' : `: ${said.trim()}`}`;
      if (relay.isUp && !isClosing) onLost(why);
      resolve(why);
    });
  });
  const close = async () => {
    isClosing = true;
    child.kill('SIGKILL');
    await gone;
  };
  const relay: WatchedRelay = { address: addressOf(index), isUp: false, gone, close };
  return relay;
}
