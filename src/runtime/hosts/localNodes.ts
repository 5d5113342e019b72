import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { markOfNode } from '../../agent/processes/runMark.ts';
import type { ProcessesFound } from '../../mesh/invariants.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { AgentProcess } from '../real/agentProcess.ts';
import { DeviceDrops } from '../real/deviceDrops.ts';
import type { NodeDisks } from '../real/disk/nodeDisks.ts';
import { nodeFolder } from '../real/nodeFolder.ts';
import type { RealRunOptions } from '../real/options.ts';
import type { RunProcesses } from '../real/runProcesses.ts';
import type {
  AgentStart,
  HostedNode,
  HostedProcesses,
  HostPaths,
  HostMachine,
  Isolated,
} from './hostedNode.ts';

export const LOCAL = 'local';

export interface LocalNodesOptions {
  readonly options: RealRunOptions;
  readonly origin: number;
  readonly processes: RunProcesses;
  readonly disks: NodeDisks;
  /** Agents leave the processor to the emulator, which has no other way to come first. */
  readonly stepsBack: boolean;
}

/** The nodes of a run that live on this machine. */
export class LocalNodes implements HostedProcesses {
  readonly #options: LocalNodesOptions;
  readonly #drops = new DeviceDrops();
  readonly #machine: HostMachine = { name: LOCAL, cores: availableParallelism() };

  constructor(options: LocalNodesOptions) {
    this.#options = options;
  }

  nodeAt(index: number): HostedNode {
    const { options, origin, processes } = this.#options;
    const nodeId = nodeIdOf(index);
    return {
      machine: this.#machine,
      paths: localPaths(options, index, origin),
      emulatorAt: (port) => port,
      start: (start) => this.#start(index, start),
      addSurroundings: (isolated: Isolated) => {
        processes.addSurroundings(nodeId, isolated);
        if (isolated.wire !== undefined) this.#drops.add(nodeId, isolated.pid);
      },
      takeDrops: () => this.#drops.take(nodeId),
      look: () => processes.look(),
      end: () => processes.endNode(nodeId),
    };
  }

  endRest(): Promise<ProcessesFound> {
    return this.#options.processes.endRest();
  }

  get deviceDrops(): number | null {
    return this.#drops.total;
  }

  #start(index: number, start: AgentStart): AgentProcess {
    const { options, processes, disks, stepsBack } = this.#options;
    const { simId, runFolder, bundles, compileCacheFolder } = options;
    const folder = nodeFolder(runFolder, index);
    const nodeId = nodeIdOf(index);
    mkdirSync(folder, { recursive: true });
    const agent = new AgentProcess({
      ...start,
      bundle: bundles.agent,
      folder,
      disk: disks.localOf(index),
      env: markOfNode(simId, nodeId),
      compileCacheFolder,
      stepsBack,
    });
    if (agent.pid !== undefined) processes.addAgent(agent.pid, nodeId);
    return agent;
  }
}

/** Of a node on this machine. */
export function localPaths(options: RealRunOptions, index: number, origin: number): HostPaths {
  const { runFolder, storeFolder, buildCacheFolder, toolCacheFolder, hostPath } = options;
  const { bundles, cover, proxy } = options;
  const folder = nodeFolder(runFolder, index);
  return {
    ...{ folder, storeFolder, buildCacheFolder, toolCacheFolder },
    ...{ hostPath, bundles, cover, proxy, origin },
  };
}
