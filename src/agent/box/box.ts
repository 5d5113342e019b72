import { execFile, spawn, type ChildProcess } from 'node:child_process';
import type dgram from 'node:dgram';
import type net from 'node:net';
import { ownMark } from '../processes/runMark.ts';
import { asPlainNode, findProgram } from '../services/program.ts';
import { DOOR_IS_OPEN, type DoorAnswer, type DoorRequest } from './doorMessages.ts';
import type { NameFile } from './nameFiles.ts';

/**
 * Run inside the new namespaces, whose interfaces are all down: ip, mount, then pairs of a file of ours and its place up to
 * `--`, then the door. Every address becomes one of the namespace's own, so that what is sent to any host arrives at a
 * socket in here or is refused at once. IPv6 may be switched off.
 */
const SET_UP =
  'ip=$1 mount=$2; shift 2; "$ip" link set lo up && "$ip" route add local 0.0.0.0/0 dev lo || exit 1; ' +
  '"$ip" -6 route add local ::/0 dev lo 2>/dev/null; ' +
  'while [ "$1" != -- ]; do "$mount" --bind "$1" "$2" || exit 1; shift 2; done; shift; exec "$@"';

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

/** With mounts of its own, which nobody outside sees. */
function withMounts({ create, entry }: Way): Way {
  return {
    create: [...create, '--mount', '--propagation', 'private'],
    entry: (pid) => [...entry(pid), `--mount=/proc/${pid}/ns/mnt`],
  };
}

export interface NamespaceOptions {
  /** The bundled door. */
  readonly door: string;
  /** Working folder of the door: by it, it is found if ever it is left behind. */
  readonly folder: string;
  /** What programs inside find in the place of files of the machine. */
  readonly files: readonly NameFile[];
}

/** Why this machine gives no namespace, one clause. */
export interface Unavailable {
  readonly unavailable: string;
}

interface Opened {
  readonly door: ChildProcess;
  readonly nsenter: string;
  readonly entry: readonly string[];
  readonly mountsMissing: string | undefined;
}

/** A network of its own for the services of one node (network_namespaces(7)): nothing leaves it but through its sockets. */
export class Box {
  /** Why programs inside read the machine's own files; undefined: they find ours in their place. */
  readonly mountsMissing: string | undefined;
  readonly #door: ChildProcess;
  readonly #nsenter: string;
  readonly #entry: readonly string[];
  readonly #waiting = new Map<number, (answer: DoorAnswer, handle: unknown) => void>();
  readonly #gone: Promise<void>;
  #lastId = DOOR_IS_OPEN;

  private constructor({ door, nsenter, entry, mountsMissing }: Opened) {
    this.#door = door;
    this.#nsenter = nsenter;
    this.#entry = entry;
    this.mountsMissing = mountsMissing;
    door.on('message', (answer: DoorAnswer, handle: unknown) => this.#settle(answer, handle));
    this.#gone = new Promise((resolve) => {
      door.once('exit', () => {
        for (const id of this.#waiting.keys()) this.#settle({ id, error: 'EPIPE' }, undefined);
        resolve();
      });
    });
  }

  static async open(options: NamespaceOptions): Promise<Box | Unavailable> {
    if (process.platform !== 'linux') return { unavailable: 'only Linux has network namespaces' };
    const [unshare, nsenter, ip, mount] = ['unshare', 'nsenter', 'ip', 'mount'].map(systemProgram);
    if (unshare === undefined || nsenter === undefined || ip === undefined) {
      return { unavailable: 'it takes unshare and nsenter of util-linux, and ip of iproute2' };
    }
    const ways = process.getuid?.() === 0 ? [AS_ROOT, AS_USER] : [AS_USER];
    const better = mount === undefined ? [] : ways.map((way) => ({ way: withMounts(way), mount }));
    let mountsMissing = mount === undefined ? 'it takes mount of util-linux' : '';
    let failure = '';
    for (const { way, mount: tool } of [...better, ...ways.map((way) => ({ way, mount: '' }))]) {
      const door = startDoor([unshare, ...way.create], ip, tool, options);
      failure = await untilOpen(door);
      if (failure === '') {
        const missing = tool === '' ? mountsMissing : undefined;
        const entry = way.entry(door.pid ?? 0);
        const opened = new Box({ door, nsenter, entry, mountsMissing: missing });
        failure = await opened.#whyClosed(options.folder);
        if (failure === '') return opened;
        await opened.close();
      }
      if (tool !== '') mountsMissing = failure;
    }
    return { unavailable: failure };
  }

  /** Process id of the door: its entry in /proc shows the namespace from outside. */
  get pid(): number {
    return this.#door.pid ?? 0;
  }

  /** How to execute a program inside, in `folder`. It keeps user, environment and process group. */
  commandInside(
    file: string,
    args: readonly string[],
    folder: string,
  ): { file: string; args: string[] } {
    // Mounts of its own have a root folder of their own, and that is where whoever enters them is.
    const place = this.mountsMissing === undefined ? [`--wdns=${folder}`] : [];
    return { file: this.#nsenter, args: [...this.#entry, ...place, '--', file, ...args] };
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

  /** An empty text when programs can be executed inside, else why not: nsenter may be too old, or kept from it. */
  #whyClosed(folder: string): Promise<string> {
    const { file, args } = this.commandInside('/bin/sh', ['-c', ':'], folder);
    return new Promise((resolve) => {
      execFile(file, args, { cwd: folder, env: {} }, (error, _stdout, stderr) =>
        resolve(error === null ? '' : `nsenter ended: ${stderr.trim() || error.message}`),
      );
    });
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

/** The shell and unshare become the door: all are one process. `mount` is empty where there are no mounts of its own. */
function startDoor(
  [unshare = '', ...create]: readonly string[],
  ip: string,
  mount: string,
  { door, folder, files }: NamespaceOptions,
): ChildProcess {
  const mounts = mount === '' ? [] : files.flatMap(({ ours, place }) => [ours, place]);
  const tools = [ip, mount, ...mounts, '--'];
  const shell = ['/bin/sh', '-c', SET_UP, 'sh', ...tools, process.execPath, door];
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
