import { spawn, type ChildProcess } from 'node:child_process';
import type dgram from 'node:dgram';
import type net from 'node:net';
import { ownMark } from '../processes/runMark.ts';
import { asPlainNode, findProgram } from '../services/program.ts';
import { DOOR_IS_OPEN, type DoorAnswer, type DoorRequest } from './doorMessages.ts';

/**
 * Run inside the new namespace, whose interfaces are all down. Every address becomes one of the namespace's own, so that
 * what is sent to any host arrives at a socket in here or is refused at once. IPv6 may be switched off.
 */
const SET_UP =
  '"$0" link set lo up && "$0" route add local 0.0.0.0/0 dev lo || exit 1; ' +
  '"$0" -6 route add local ::/0 dev lo 2>/dev/null; exec "$@"';

const LOOPBACK = '127.0.0.1';

/** `ip` is a program of administrators, and often not on the path of others. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

interface Way {
  /** Of unshare(1). */
  readonly create: readonly string[];
  /** Of nsenter(1), for the namespaces of that process. */
  readonly entry: (pid: number) => readonly string[];
}

const AS_ROOT: Way = {
  create: ['--net'],
  entry: (pid) => [`--net=/proc/${pid}/ns/net`],
};
/** Without privileges a network namespace needs a user namespace around it, in which everybody stays who he is. */
const AS_USER: Way = {
  create: ['--user', '--map-current-user', '--net', '--keep-caps'],
  entry: (pid) => [
    `--user=/proc/${pid}/ns/user`,
    `--net=/proc/${pid}/ns/net`,
    '--preserve-credentials',
  ],
};

export interface NamespaceOptions {
  /** The bundled door. */
  readonly door: string;
  /** Working folder of the door: by it, it is found if ever it is left behind. */
  readonly folder: string;
}

/** Why this machine gives no namespace, one clause. */
export interface Unavailable {
  readonly unavailable: string;
}

/** A network of its own for the services of one node (network_namespaces(7)): nothing leaves it but through its sockets. */
export class NetworkNamespace {
  readonly #door: ChildProcess;
  readonly #nsenter: string;
  readonly #entry: readonly string[];
  readonly #waiting = new Map<number, (answer: DoorAnswer, handle: unknown) => void>();
  readonly #gone: Promise<void>;
  #lastId = DOOR_IS_OPEN;

  private constructor(door: ChildProcess, nsenter: string, entry: readonly string[]) {
    this.#door = door;
    this.#nsenter = nsenter;
    this.#entry = entry;
    door.on('message', (answer: DoorAnswer, handle: unknown) => this.#settle(answer, handle));
    this.#gone = new Promise((resolve) => {
      door.once('exit', () => {
        for (const id of this.#waiting.keys()) this.#settle({ id, error: 'EPIPE' }, undefined);
        resolve();
      });
    });
  }

  static async open({ door, folder }: NamespaceOptions): Promise<NetworkNamespace | Unavailable> {
    if (process.platform !== 'linux') return { unavailable: 'only Linux has network namespaces' };
    const [unshare, nsenter, ip] = ['unshare', 'nsenter', 'ip'].map(systemProgram);
    if (unshare === undefined || nsenter === undefined || ip === undefined) {
      return { unavailable: 'it takes unshare and nsenter of util-linux, and ip of iproute2' };
    }
    let unavailable = '';
    for (const { create, entry } of process.getuid?.() === 0 ? [AS_ROOT, AS_USER] : [AS_USER]) {
      const child = startDoor([unshare, ...create], ip, door, folder);
      unavailable = await untilOpen(child);
      const { pid = 0 } = child;
      if (unavailable === '') return new NetworkNamespace(child, nsenter, entry(pid));
    }
    return { unavailable };
  }

  /** Process id of the door: its entry in /proc shows the namespace from outside. */
  get pid(): number {
    return this.#door.pid ?? 0;
  }

  /** How to execute a program inside. It keeps user, folder, environment and process group. */
  commandInside(file: string, args: readonly string[]): { file: string; args: string[] } {
    return { file: this.#nsenter, args: [...this.#entry, '--', file, ...args] };
  }

  /**
   * A connection to a port of the namespace's loopback interface.
   * @throws Error with the system's code, such as ECONNREFUSED
   */
  async connect(port: number): Promise<net.Socket> {
    return (await this.#open('connect', LOOPBACK, port)) as net.Socket;
  }

  /** A server that listens inside and is served here. @throws Error with the system's code */
  async listen(host: string, port: number): Promise<net.Server> {
    return (await this.#open('listen', host, port)) as net.Server;
  }

  /** A UDP socket bound inside. @throws Error with the system's code */
  async datagrams(host: string, port: number): Promise<dgram.Socket> {
    return (await this.#open('datagrams', host, port)) as dgram.Socket;
  }

  /** Resolves when the door is gone. The namespace itself goes with the last process in it. */
  async close(): Promise<void> {
    this.#door.kill('SIGKILL');
    await this.#gone;
  }

  #open(kind: DoorRequest['kind'], host: string, port: number): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error }, handle) => {
        if (error === undefined) resolve(handle);
        else reject(Object.assign(new Error(`${kind} ${host}:${port} ${error}`), { code: error }));
      });
      this.#door.send({ id, kind, host, port } satisfies DoorRequest, (failure) => {
        if (failure !== null) this.#settle({ id, error: 'EPIPE' }, undefined);
      });
    });
  }

  #settle(answer: DoorAnswer, handle: unknown): void {
    this.#waiting.get(answer.id)?.(answer, handle);
    this.#waiting.delete(answer.id);
  }
}

function systemProgram(name: string): string | undefined {
  return findProgram(name, '/', SYSTEM_PATH);
}

/** The shell and unshare become the door: all are one process. */
function startDoor(
  [unshare = '', ...create]: readonly string[],
  ip: string,
  door: string,
  folder: string,
): ChildProcess {
  const shell = ['/bin/sh', '-c', SET_UP, ip, process.execPath, door];
  return spawn(unshare, [...create, '--', ...shell], {
    cwd: folder,
    env: { ...asPlainNode(), ...ownMark() },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Resolves to an empty text once the door is open, else to why it never will be. */
function untilOpen(door: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    door.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    door.once('message', () => resolve(''));
    door.once('error', (error) => resolve(error.message));
    door.once('close', () => resolve(`unshare ended: ${said.trim()}`));
  });
}
