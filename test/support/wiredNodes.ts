import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { openNodeBox, type NodeBox } from '../../src/agent/box/nodeBox.ts';
import { forksRelay } from '../../src/agent/box/tools.ts';
import { Wire, wireConnection, type WireOptions } from '../../src/agent/box/wire.ts';
import { systemClock } from '../../src/base/clock.ts';
import { meshAddressOf } from '../../src/model/meshAddress.ts';
import { nodeIdOf, nodeIndexOf } from '../../src/model/nodeIds.ts';
import { planSchema, type PlanInput } from '../../src/model/plan.ts';
import { SwitchProcess } from '../../src/runtime/real/switchProcess.ts';
import { DIST } from './commandLine.ts';
import { temporaryFolder } from './harborPay.ts';

export type RelayName = 'perl' | 'python3';

const DOOR = path.join(DIST, 'door.cjs');
const SCRIPTS = { perl: 'relay.pl', python3: 'relay.py' } as const;

export interface WiredOptions {
  readonly plan: Partial<PlanInput>;
  /** Left out: the one a run would take. */
  readonly relay?: RelayName;
  /** Ports of hosts outside that programs inside reach; none is needed between nodes. */
  readonly ports?: readonly number[];
}

/** One box on the wire, without the agent that has one in a run. */
export class WiredNode {
  readonly index: number;
  readonly address: string;
  readonly folder: string;
  readonly #opened: NodeBox;
  #wire: Wire | undefined;
  /** Why its wire was lost; empty: it was not. */
  lost = '';
  #onLost: () => void = () => undefined;
  readonly whenLost = new Promise<void>((resolve) => (this.#onLost = resolve));

  constructor(index: number, folder: string, opened: NodeBox) {
    this.index = index;
    this.address = meshAddressOf(index);
    this.folder = folder;
    this.#opened = opened;
  }

  get box(): NodeBox['box'] {
    return this.#opened.box;
  }

  get congestionControl(): string {
    return this.#wire?.congestionControl ?? '';
  }

  async connect(network: WireOptions['network'], relay: RelayName | undefined): Promise<void> {
    const { box, folder, index } = this;
    this.#wire = await Wire.open({
      ...{ box, network, index, scripts: DIST, folder },
      onLost: (why) => {
        this.lost = why;
        this.#onLost();
      },
      ...(relay === undefined ? {} : { relays: [{ interpreter: relay, script: SCRIPTS[relay] }] }),
    });
  }

  /** What a path of this machine is inside. */
  pathInside(file: string): string {
    return this.box.view?.pathInside(file) ?? file;
  }

  /** Starts a program inside, in the node's folder. It ends with the node at the latest. */
  start(file: string, args: readonly string[]): ChildProcess {
    const inside = this.box.commandInside(file, args, this.folder);
    return spawn(inside.file, inside.args, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.pathInside(this.folder), LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** What a program prints inside until it ends. @throws Error when it ends with another code than 0 */
  said(file: string, args: readonly string[]): Promise<string> {
    const inside = this.box.commandInside(file, args, this.folder);
    const env = { PATH: process.env.PATH, HOME: this.pathInside(this.folder), LC_ALL: 'C' };
    return new Promise((resolve, reject) => {
      execFile(inside.file, inside.args, { cwd: this.folder, env }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${file}: ${stderr || error.message}`, { cause: error }));
      });
    });
  }

  async close(): Promise<void> {
    this.#wire?.release();
    await this.#opened.close();
  }
}

/** Boxes of nodes that are connected by an emulator of their own, as in a run, for programs that tests start in them. */
export class WiredNodes {
  readonly nodes: readonly WiredNode[];
  readonly emulator: SwitchProcess;
  readonly #folder: string;

  private constructor(folder: string, emulator: SwitchProcess, nodes: readonly WiredNode[]) {
    this.#folder = folder;
    this.emulator = emulator;
    this.nodes = nodes;
  }

  /** Or why this machine gives none. */
  static async open({ plan, relay, ports = [] }: WiredOptions): Promise<WiredNodes | string> {
    const parsed = planSchema.parse({ capsuleHash: '0'.repeat(64), ...plan });
    const folder = await temporaryFolder();
    const emulator = new SwitchProcess({
      entry: path.join(DIST, 'switch.cjs'),
      plan: parsed,
      origin: systemClock.monotonic(),
      onPackets: () => undefined,
      onFailure: (error) => {
        throw error;
      },
    });
    const nodes: WiredNode[] = [];
    const wired = new WiredNodes(folder, emulator, nodes);
    try {
      const port = await emulator.listening();
      for (let index = 0; index < parsed.params.nodes; index += 1) {
        const network = { port, token: emulator.tokenOf(index) };
        const nodeFolder = path.join(folder, nodeIdOf(index));
        mkdirSync(nodeFolder);
        // A run gives one to each door that forks relays: the one in perl.
        const wire =
          relay !== 'python3' && forksRelay(DOOR)
            ? await wireConnection({ network, index })
            : undefined;
        const opened = await openNodeBox({
          wire,
          ...{ door: DOOR, folder: nodeFolder, index, ports, cover: [] },
          congestionControl: parsed.tcp?.congestionControl,
          meshAddresses: (name) =>
            /^n\d+$/.test(name) ? [meshAddressOf(nodeIndexOf(name))] : undefined,
          ...{ deny: [], owners: new Map<string, string>(), onDenied: () => undefined },
        }).finally(() => wire?.destroy());
        if ('unavailable' in opened) throw new Error(opened.unavailable);
        const node = new WiredNode(index, nodeFolder, opened);
        nodes.push(node);
        await node.connect(network, relay);
      }
      return wired;
    } catch (error) {
      await wired.close();
      return error instanceof Error ? error.message : String(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.emulator.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
