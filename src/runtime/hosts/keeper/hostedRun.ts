import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { markOfNode } from '../../../agent/processes/runMark.ts';
import { MeshSimError } from '../../../base/errors.ts';
import { nodeIndexOf } from '../../../model/nodeIds.ts';
import { Redactor } from '../../../vault/redactor.ts';
import type { KeeperAsk, KeeperOrder, Prepared, Rest } from '../../../wire/keeper.ts';
import { AgentProgram } from '../../real/agentProgram.ts';
import { DeviceDrops } from '../../real/deviceDrops.ts';
import { NodeDisk, type NoDisk } from '../../real/disk/nodeDisk.ts';
import { nodeFolder } from '../../real/nodeFolder.ts';
import { leasePorts, type PortLease } from '../../real/portLease.ts';
import { RunProcesses } from '../../real/runProcesses.ts';
import { FileShelf } from './fileShelf.ts';
import {
  dropUnused,
  hostFolders,
  makeNodeFolder,
  removeNodeFolder,
  sweepHost,
} from './hostFolders.ts';

type Surroundings = Extract<KeeperOrder, { order: 'surroundings' }>;
type Files = Extract<KeeperAsk, { ask: 'place' }>['files'];

/** The program of a node's agent, and where it is in the folder of the run. */
export const AGENT_FILE = 'programs/agent.cjs';

export interface AgentSide {
  readonly onError: (error: Error) => void;
  readonly onClose: (code: number | null, signal: string | null) => void;
}

/** All there is on this host of one node of one run. */
export class HostedRun {
  readonly nodeId: string;
  readonly #simId: string;
  readonly #folder: string;
  readonly #shelf: FileShelf;
  readonly #builds: string;
  readonly #tools: string;
  readonly #code: string;
  readonly #processes: RunProcesses;
  readonly #drops = new DeviceDrops();
  readonly #agents = new Map<number, AgentProgram>();
  #ports: PortLease | undefined;
  #disk: NodeDisk | undefined;

  private constructor(
    { simId, nodeId }: Pick<HostedRun, 'nodeId'> & { readonly simId: string },
    folders: Awaited<ReturnType<typeof hostFolders>>,
    folder: string,
  ) {
    this.nodeId = nodeId;
    this.#simId = simId;
    this.#folder = folder;
    this.#shelf = new FileShelf(folders.files);
    this.#builds = folders.builds;
    this.#tools = folders.tools;
    this.#code = folders.code;
    this.#processes = new RunProcesses({
      simId,
      runFolder: folder,
      nodes: [nodeIndexOf(nodeId)],
      isOne: true,
      redactor: new Redactor(new Map()),
      // The run itself meets what this machine lacks.
      onBroken: () => undefined,
    });
  }

  /** @throws MeshSimError `disk-failed` */
  static async prepare(simId: string, nodeId: string): Promise<HostedRun> {
    const folders = await hostFolders(process.env);
    await sweepHost(folders, false);
    // Nobody waits for it, and what cannot be removed stays.
    void dropUnused(folders).catch(() => undefined);
    const folder = realpathSync(makeNodeFolder(folders, simId, nodeId));
    const run = new HostedRun({ simId, nodeId }, folders, folder);
    await mkdir(run.#nodeFolder, { recursive: true });
    return run;
  }

  get prepared(): Omit<Prepared, 'doorPort'> {
    return {
      folder: this.#nodeFolder,
      runFolder: this.#folder,
      buildCacheFolder: this.#builds,
      toolCacheFolder: this.#tools,
    };
  }

  missing(digests: readonly string[]): Promise<string[]> {
    return this.#shelf.missing(digests);
  }

  store(...file: Parameters<FileShelf['store']>): Promise<void> {
    return this.#shelf.store(...file);
  }

  async place(files: Files): Promise<void> {
    for (const { digest, name } of files) {
      await this.#shelf.place(digest, path.join(this.#folder, name));
    }
  }

  /** @throws MeshSimError `port-unavailable`, `machine-exhausted` */
  async leasePorts(count: number): Promise<readonly number[]> {
    await this.#ports?.release();
    this.#ports = await leasePorts(count);
    return this.#ports.ports;
  }

  /** Before the node is started. */
  async openDisk(): Promise<{ readonly bytes: number } | NoDisk> {
    const disk = await NodeDisk.open(this.#nodeFolder);
    if ('unavailable' in disk) return disk;
    this.#disk = disk;
    return { bytes: disk.bytes };
  }

  /** Once it was opened. */
  get disk(): NodeDisk {
    if (this.#disk === undefined) throw new MeshSimError('internal', 'No disk was opened.');
    return this.#disk;
  }

  /** @param stepsBack it comes after this process, which carries its packets and cannot come first itself */
  start(life: number, side: AgentSide, stepsBack: boolean): AgentProgram {
    const agent = new AgentProgram(
      {
        bundle: path.join(this.#folder, AGENT_FILE),
        folder: this.#nodeFolder,
        disk: this.#disk,
        env: markOfNode(this.#simId, this.nodeId),
        compileCacheFolder: this.#code,
        stepsBack,
      },
      side,
    );
    if (agent.pid !== undefined) this.#processes.addAgent(agent.pid, this.nodeId);
    this.#agents.set(life, agent);
    return agent;
  }

  kill(life: number): void {
    this.#agents.get(life)?.kill();
  }

  look(): void {
    this.#processes.look();
  }

  addSurroundings({ isolation, pid, isWired }: Surroundings): void {
    this.#processes.addSurroundings(this.nodeId, { isolation, pid });
    if (isWired) this.#drops.add(this.nodeId, pid);
  }

  takeDrops(): void {
    this.#drops.take(this.nodeId);
  }

  endNode(): Promise<void> {
    return this.#processes.endNode(this.nodeId);
  }

  async endRest(): Promise<Rest> {
    const found = await this.#processes.endRest();
    // It has started: there is something to look for.
    if (found === 'none-started') throw new MeshSimError('internal', 'Nobody looked.');
    if ('notLooked' in found) return { found, drops: this.#drops.total };
    const { left, immortal, closed, missed } = found;
    return { found: { left: [...left], immortal, closed, missed }, drops: this.#drops.total };
  }

  /** Ends everything, and removes it. */
  async leave(): Promise<void> {
    for (const agent of this.#agents.values()) agent.kill();
    await this.#processes.endRest();
    this.#processes.close();
    await this.#ports?.release();
    await this.#disk?.close();
    await removeNodeFolder(this.#folder);
  }

  get #nodeFolder(): string {
    return nodeFolder(this.#folder, nodeIndexOf(this.nodeId));
  }
}
