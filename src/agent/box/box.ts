import { execFile, spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import { writeAfreshSync } from '../../base/regularFile.ts';
import { ownMark } from '../processes/runMark.ts';
import type { IsolationLimit } from '../../model/isolation.ts';
import { asPlainNode } from '../services/program.ts';
import { deviceOf } from './device.ts';
import type { DoorProgram } from './doorProgram.ts';
import { Doorway } from './doorway.ts';
import { withHindrance } from './hindrance.ts';
import type { NameFile } from './nameFiles.ts';
import { BoxLost, untilOpen } from './opening.ts';
import { placed, portRange } from './places.ts';
import { firstProcess, mountTable } from './setUp.ts';
import { canMount, findTools, type Tools } from './tools.ts';
import { emptyPlace, View } from './view.ts';
import { waysFor, type Reach, type Way } from './ways.ts';

/** Of the files of a first process, the one after its channel. */
const WIRE_NUMBER = 4;

/** A door that was let go of ends at once. */
const CLOSE_LIMIT_MS = 1_000;

/** The end of a door is seen at once; an answer of one that lives can take this long on a busy machine. */
const ANSWER_LIMIT_MS = 2_000;

export interface BoxOptions {
  /** The bundled door; door.pl, relay.pl and firstProcess.pl lie beside it. */
  readonly door: string;
  /** Left out: the first there is. */
  readonly doorProgram?: DoorProgram;
  /** The node's own folder, without links in its path. */
  readonly folder: string;
  /** What programs inside find in the place of files of the machine. */
  readonly files: readonly NameFile[];
  /** Folders that are empty inside, without links in their paths. */
  readonly cover: readonly string[];
  /** Why paths cannot be kept apart on this machine, one clause; left out: they may be. */
  readonly uncovered?: string | undefined;
  /** The node's index: its place on the wire. */
  readonly index: number;
  /** Which network of the node it is, where it has more than one; left out: it has one. */
  readonly place?: number | undefined;
  /** Of TCP inside; left out: the machine's. */
  readonly congestionControl?: string | undefined;
  /** See wireConnection: for a relay that the door forks, where it does (`forksRelay`). The box has its own hold on it once it is open. */
  readonly wire?: Socket | undefined;
  /**
   * Starts what a box needs inside anyway; true: it has been in there, which proves that programs can enter. Asked once for each
   * way that is tried. Left out, or false: a trial finds out, unless `entered` says that it is not needed.
   */
  readonly enters?: ((box: Box) => Promise<boolean>) | undefined;
  /** The `way` of a box that programs have entered on this machine, as this user: they enter others that were made so. */
  readonly entered?: string | undefined;
}

/** Why there is no box, one clause. */
export interface Unavailable {
  readonly unavailable: string;
  /** Left out: the machine gives none. */
  readonly by?: IsolationLimit['by'];
}

interface Made {
  readonly process: ChildProcess;
  readonly doorway: Doorway;
  readonly isWireGiven: boolean;
  readonly view: View | undefined;
}

/** Why no box of that reach could be had. */
type Failures = Partial<Record<Reach, string>>;

/**
 * Namespaces around the builds and services of one node (namespaces(7)). Nothing leaves its network but through sockets of its
 * door; in a whole box nothing is found but at the node's place, and nothing outlives it: it ends with its agent, its
 * first process or its door, however these end.
 */
export class Box {
  /** Sockets inside. */
  readonly doorway: Doorway;
  /** Its door has a connection to the emulator, and forks a relay when it is asked for it. */
  readonly isWireGiven: boolean;
  /** What paths are inside; undefined: what they are outside. */
  readonly view: View | undefined;
  /** Resolves when nothing inside a whole box is left. */
  readonly gone: Promise<void>;
  readonly #way: Way;
  readonly #nsenter: string;
  readonly #process: ChildProcess;
  readonly #failures: Failures;
  /** See BoxOptions. */
  readonly #uncovered: string | undefined;
  /** Why the box has no device for the wire, one clause; undefined: it has one. */
  readonly wireMissing: string | undefined;

  private constructor(
    way: Way,
    { nsenter }: Tools,
    made: Made,
    failures: Failures,
    { uncovered, wireMissing }: { uncovered: string | undefined; wireMissing: string },
  ) {
    this.#uncovered = uncovered;
    this.#way = way;
    this.#nsenter = nsenter;
    this.#process = made.process;
    this.doorway = made.doorway;
    this.isWireGiven = made.isWireGiven;
    this.view = made.view;
    this.#failures = failures;
    this.wireMissing = wireMissing === '' ? undefined : wireMissing;
    this.gone = new Promise((resolve) => made.process.once('exit', () => resolve()));
  }

  /** As much of a box as this machine gives. @throws BoxLost */
  static async open(options: BoxOptions): Promise<Box | Unavailable> {
    if (process.platform !== 'linux') return { unavailable: 'only Linux has namespaces' };
    const tools = findTools(options);
    if (typeof tools === 'string') return { unavailable: tools };
    const failures: Failures = {};
    for (const way of waysFor(process.getuid?.() === 0)) {
      const view = way.reach === 'all' ? viewFor(options) : undefined;
      if (typeof view === 'string') failures.all = view;
      else if (way.reach !== 'network' && !canMount(tools)) {
        failures[way.reach] = 'it takes perl, or mount of util-linux';
      } else {
        const made = start(way, tools, options, view);
        const opened = await untilOpen(made.process);
        let { failure } = opened;
        if (failure === '') {
          const box = new Box(way, tools, made, failures, {
            uncovered: options.uncovered,
            wireMissing: opened.unwired,
          });
          const isEntered = (await options.enters?.(box)) === true || options.entered === box.way;
          failure = isEntered ? '' : await box.#whyClosed(options.folder);
          if (failure === '') return box;
          const isLost = !(await box.answers());
          await box.close();
          if (isLost) throw new BoxLost();
        }
        failures[way.reach] = failure;
      }
    }
    // What settings keep from being whole says nothing about why there is no part of one.
    const all = options.uncovered === undefined ? failures.all : undefined;
    return { unavailable: explained(all ?? failures.network ?? '') };
  }

  /** `full`: network, processes and paths are its own. */
  get isolation(): 'full' | 'network' {
    return this.#way.reach === 'all' ? 'full' : 'network';
  }

  /** How it was made, for others on this machine. */
  get way(): string {
    return this.#way.create.join(' ');
  }

  /** Why it is not whole; undefined: it is. */
  get limit(): IsolationLimit | undefined {
    const { all = '' } = this.#failures;
    if (this.isolation === 'full') return undefined;
    return this.#uncovered === undefined
      ? { by: 'machine', reason: explained(all) }
      : { by: 'settings', reason: this.#uncovered };
  }

  /** Why programs inside read the machine's own files; undefined: they find ours in their place. */
  get mountsMissing(): string | undefined {
    return this.#way.reach === 'network' ? this.#failures.mounts : undefined;
  }

  /** A process whose entries in /proc show the namespaces from outside. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Whether a program inside is a child of what `commandInside` starts: whoever enters other processes stays outside and waits. */
  get entersByChild(): boolean {
    return this.#way.reach === 'all';
  }

  /** How to execute a program inside, in `folder`. It keeps user and environment, and gets no privileges of the box. */
  commandInside(
    file: string,
    args: readonly string[],
    folder: string,
  ): { file: string; args: string[] } {
    const inside = (one: string) => this.view?.pathInside(one) ?? one;
    // Mounts of its own have a root folder of their own, and that is where whoever enters them is.
    const place = this.#way.reach === 'network' ? [] : [`--wdns=${inside(folder)}`];
    const entry = this.#way.entry(this.pid);
    return { file: this.#nsenter, args: [...entry, ...place, '--', inside(file), ...args] };
  }

  /** False: its door is gone, and with it all that was inside. One that is there and says nothing, since somebody stopped it, is not gone. */
  async answers(): Promise<boolean> {
    let limit: NodeJS.Timeout | undefined;
    const silent = new Promise<true>((resolve) => {
      limit = setTimeout(() => resolve(true), ANSWER_LIMIT_MS);
    });
    const answered = await Promise.race([this.doorway.answers(), silent]);
    clearTimeout(limit);
    return answered;
  }

  /** Ends all in it. Resolves when it is gone. */
  async close(): Promise<void> {
    // The first process ends with its door, and says so only when all others are gone.
    if (this.#process.connected) this.#process.disconnect();
    const force = setTimeout(() => this.#process.kill('SIGKILL'), CLOSE_LIMIT_MS);
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.gone;
    clearTimeout(force);
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
}

/** Of users without privileges, with what keeps them from it. */
function explained(failure: string): string {
  return process.getuid?.() === 0 ? failure : withHindrance(failure);
}

/** Or why there is none. */
function viewFor({ folder, cover, uncovered }: BoxOptions): View | string {
  if (uncovered !== undefined) return uncovered;
  const place = emptyPlace();
  return place === undefined
    ? 'none of the folders that are usually empty, such as /srv and /mnt, is empty here'
    : new View({ folder, place, cover });
}

function start(way: Way, tools: Tools, options: BoxOptions, view: View | undefined): Made {
  const { folder, files, index, congestionControl = '' } = options;
  let table = '';
  if (way.reach !== 'network') {
    table = path.join(folder, placed('mounts', options.place));
    writeAfreshSync(table, Buffer.from(mountTable({ files, ...view?.mounts })));
  }
  const ports = portRange(options.place);
  const { wire } = options;
  const isWireGiven = wire !== undefined && tools.door.firstProcess !== undefined;
  const setUp = {
    ...{ table, device: deviceOf(index), congestionControl, ports },
    wire: isWireGiven ? String(WIRE_NUMBER) : '',
  };
  const program = firstProcess(tools.door, setUp, tools);
  const child = spawn(tools.unshare, [...way.create, '--', ...program], {
    // By its working folder it is found if ever it is left behind.
    cwd: folder,
    env: { ...asPlainNode(), ...ownMark() },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc', ...(isWireGiven ? [wire] : [])],
  });
  // Without its first process a door that is left has nobody to serve.
  child.once('exit', () => {
    if (child.connected) child.disconnect();
  });
  return { process: child, doorway: new Doorway(child), isWireGiven, view };
}
