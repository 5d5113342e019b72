import { execFile } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../../base/errors.ts';
import { withHindrance } from '../../../agent/box/hindrance.ts';
import { waysToMount, type Part } from '../../../agent/box/ways.ts';
import { systemProgram } from '../../../agent/services/program.ts';
import { stateFolderIn } from '../../../agent/services/serviceEnv.ts';
import { DiskKeeper } from './diskKeeper.ts';

/** Services may write between a look at the disk and its new size, which then is too small for what it holds. */
const TRIES = 5;

/** Why a node has no disk of its own, one clause. */
export interface NoDisk {
  readonly unavailable: string;
}

/** What was taken from a disk, and what is free on it now, in bytes. */
export interface Filled {
  readonly taken: number;
  readonly free: number;
}

/** A disk that can be filled. It is this machine's, or one of another host. */
export interface FillableDisk {
  /** Of the whole disk while nothing fills it. */
  readonly bytes: number;
  /** How many bytes may be written to it now. @throws Error when its keeper is gone */
  free(): Promise<number>;
  /**
   * From now on it takes `leaveBytes` more, rounded up to whole blocks, and then nothing.
   * @throws Error why it does not
   */
  fill(leaveBytes: number): Promise<Filled>;
  /** It has as much room again as it had at first. @throws Error why it has not */
  empty(): Promise<void>;
}

/**
 * A file system of its own for the services of one node and their state, in memory: its size can be changed, as no ordinary user
 * can change that of a disk of the machine. It is seen by what runs inside, and outlives a crash of the node as a disk does.
 */
export class NodeDisk implements FillableDisk {
  readonly bytes: number;
  readonly #folder: string;
  readonly #way: Part;
  readonly #nsenter: string;
  readonly #keeper: DiskKeeper;

  private constructor(folder: string, way: Part, nsenter: string, keeper: DiskKeeper) {
    this.#folder = folder;
    this.#way = way;
    this.#nsenter = nsenter;
    this.#keeper = keeper;
    this.bytes = this.#room().bytes;
  }

  /** `folder`: the node's own, without links in its path. */
  static async open(folder: string): Promise<NodeDisk | NoDisk> {
    if (process.platform !== 'linux') return { unavailable: 'only Linux has namespaces' };
    const [unshare, nsenter, mount] = ['unshare', 'nsenter', 'mount'].map(systemProgram);
    if (unshare === undefined || nsenter === undefined || mount === undefined) {
      return { unavailable: 'it takes unshare, nsenter and mount of util-linux' };
    }
    for (const place of [diskIn(folder), servicesIn(folder), stateFolderIn(folder)]) {
      mkdirSync(place, { recursive: true });
    }
    const isRoot = process.getuid?.() === 0;
    let failure = '';
    for (const way of waysToMount(isRoot)) {
      const keeper = new DiskKeeper([unshare, ...way.create, '--'], mount, folder);
      failure = await keeper.opened;
      if (failure === '') {
        const disk = new NodeDisk(folder, way, nsenter, keeper);
        failure = await disk.#tryInside();
        if (failure === '') return disk;
      }
      await keeper.close();
    }
    return { unavailable: isRoot ? failure : withHindrance(failure) };
  }

  /** Whoever may make namespaces may not always enter them: that takes CAP_SYS_CHROOT as well, see setns(2). An empty text, or why not. */
  async #tryInside(): Promise<string> {
    const { file, args } = this.commandInside('/bin/sh', ['-c', ':']);
    try {
      await promisify(execFile)(file, args);
      return '';
    } catch (error) {
      return messageOf(error).trim().split('\n').at(-1) ?? '';
    }
  }

  /** How to execute a program that finds this disk in the node's folder, and its working folder there. */
  commandInside(file: string, args: readonly string[]): { file: string; args: string[] } {
    const entry = this.#way.entry(this.#keeper.pid);
    return { file: this.#nsenter, args: [...entry, `--wdns=${this.#folder}`, '--', file, ...args] };
  }

  free(): Promise<number> {
    return new Promise((resolve) => resolve(this.#room().free));
  }

  async fill(leaveBytes: number): Promise<Filled> {
    const before = this.#room().free;
    let refusal = '';
    for (let tried = 0; tried < TRIES; tried += 1) {
      const { used, free, block } = this.#room();
      const left = Math.ceil(leaveBytes / block) * block;
      if (left >= free) throw new Error(`its disk has only ${free} bytes of room`);
      refusal = await this.#keeper.resize(used + left);
      if (refusal !== '') continue;
      const now = this.#room().free;
      return { taken: before - now, free: now };
    }
    throw new Error(`its disk could not be filled: ${refusal}`);
  }

  async empty(): Promise<void> {
    const refusal = await this.#keeper.resize(this.bytes);
    if (refusal !== '') throw new Error(`its disk could not be given room again: ${refusal}`);
  }

  /** Nothing runs inside any more: what was on it is gone. */
  close(): Promise<void> {
    return this.#keeper.close();
  }

  /** @throws Error when its keeper is gone */
  #room() {
    const { blocks, bfree, bsize: block } = this.#seen();
    return { bytes: blocks * block, used: (blocks - bfree) * block, free: bfree * block, block };
  }

  #seen() {
    try {
      return statfsSync(`/proc/${this.#keeper.pid}/root${diskIn(this.#folder)}`);
    } catch (error) {
      throw new Error(`its disk cannot be looked at any more (${messageOf(error)})`, {
        cause: error,
      });
    }
  }
}

function diskIn(folder: string): string {
  return path.join(folder, 'disk');
}

function servicesIn(folder: string): string {
  return path.join(folder, 'services');
}
