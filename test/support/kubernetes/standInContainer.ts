import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { childrenOf } from '../../../src/agent/processes/procfs.ts';
import { killProcess } from '../processesInside.ts';

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts?: readonly { readonly mountPath: string }[];
}

/** What a container's output goes to while a client is attached. */
export interface Attached {
  readonly onOutput: (channel: 'stdout' | 'stderr', bytes: Buffer) => void;
  /** All that it said was read, and its exit code is known to the cluster. */
  readonly onOver: () => void;
}

/**
 * A process of this machine in the place of a container: it gets the command, the variables and the folders that can be written to, which
 * are below a folder of the test, and sees the rest of the machine as it is.
 */
export class StandInContainer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #attached: Attached | undefined;
  #over = false;

  /** @param onExit the exit code; 128 + 9 of one that was killed */
  constructor(spec: ContainerSpec, folder: string, onExit: (code: number) => void) {
    this.#folder = folder;
    const { env = [], volumeMounts = [] } = spec;
    const inside = (there: string) => {
      const mount = volumeMounts.find(
        ({ mountPath }) => there === mountPath || there.startsWith(`${mountPath}/`),
      );
      return mount === undefined ? there : path.join(folder, there);
    };
    for (const { mountPath } of volumeMounts) {
      mkdirSync(path.join(folder, mountPath), { recursive: true });
    }
    const own = env.map(({ name, value }) => [name, inside(value)] as const);
    const [file = '', ...args] = spec.command;
    this.#child = spawn(file, args, {
      cwd: inside(spec.workingDir),
      env: { PATH: process.env.PATH, ...Object.fromEntries(own) },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child.stdin?.on('error', () => undefined);
    // Whatever is said before somebody is attached is lost, as it is in a cluster.
    const said = (channel: 'stdout' | 'stderr') => (bytes: Buffer) =>
      this.#attached?.onOutput(channel, bytes);
    this.#child.stdout?.on('data', said('stdout'));
    this.#child.stderr?.on('data', said('stderr'));
    this.#child.once('close', (code) => {
      this.#over = true;
      onExit(code ?? 137);
      this.#attached?.onOver();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  attach(attached: Attached): void {
    this.#attached = attached;
    if (this.#over) attached.onOver();
  }

  /** Resolves when more is taken. */
  async write(bytes: Buffer): Promise<void> {
    const { stdin } = this.#child;
    if (stdin === null || stdin.destroyed || stdin.write(bytes)) return;
    await new Promise<void>((resolve) => {
      stdin.once('drain', resolve);
      stdin.once('close', resolve);
    });
  }

  /** With its one client (`stdinOnce`), its stdin ends. */
  detach(): void {
    this.#attached = undefined;
    this.#child.stdin?.end();
  }

  endStdin(): void {
    this.#child.stdin?.end();
  }

  /** All processes of the container, as the kernel does for a runtime. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const all = [pid];
    // Grows while it is gone through.
    for (const one of all) all.push(...childrenOf(one));
    all.forEach(killProcess);
  }

  async remove(): Promise<void> {
    this.kill();
    if (!this.#over && this.pid !== undefined) {
      await new Promise((resolve) => this.#child.once('close', resolve));
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
