import { mkdirSync } from 'node:fs';
import { markOfNode } from '../../agent/processes/runMark.ts';
import type { AgentReport } from '../../wire/report.ts';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { AgentProcess } from './agentProcess.ts';
import { launchCommand, type LaunchContext } from './launchCommand.ts';
import { nodeFolder } from './nodeFolder.ts';
import { compiledCodeIn } from './nodeProgram.ts';
import type { NodeRecord } from './nodeRecord.ts';
import type { RunProcesses } from './runProcesses.ts';
import type { SwitchProcess } from './switchProcess.ts';

export interface AgentLaunch extends LaunchContext {
  readonly switchProcess: SwitchProcess;
  readonly processes: RunProcesses;
  readonly redactor: Redactor;
  /** The machine is at fault, not the Capsule: the run cannot go on. */
  readonly onBroken: (error: MeshSimError) => void;
}

export interface AgentEvents {
  readonly onReport: (report: AgentReport) => void;
  readonly onEnd: (words: string) => void;
}

/** Starts the agent of a node in the node's folder; whatever the machine lacks for that ends the run. */
export function launchAgent(launch: AgentLaunch, node: NodeRecord, events: AgentEvents): void {
  const { options, disks, processes, redactor, onBroken } = launch;
  const { simId, runFolder, bundles, buildCacheFolder } = options;
  const folder = nodeFolder(runFolder, node.index);
  try {
    mkdirSync(folder, { recursive: true });
    const agent: AgentProcess = new AgentProcess({
      bundle: bundles.agent,
      folder,
      disk: disks.diskOf(node.index),
      env: markOfNode(simId, node.id),
      compileCacheFolder: compiledCodeIn(buildCacheFolder),
      stepsBack: !launch.switchProcess.comesFirst,
      redactor,
      // What a killed incarnation had written before it died is not news of the present one.
      onReport: (report) => {
        if (node.process === agent) events.onReport(report);
      },
      onUnable: (error) => onBroken(unableToStart(error, node, folder)),
      onEnd: (words) => {
        if (node.process === agent) events.onEnd(words);
      },
    });
    node.process = agent;
    if (agent.pid !== undefined) processes.addAgent(agent.pid, node.id);
    void sendLaunch(launch, node, agent);
  } catch (error) {
    onBroken(unableToStart(error, node, folder));
  }
}

function unableToStart(error: unknown, { id }: NodeRecord, folder: string): MeshSimError {
  if (error instanceof MeshSimError) {
    return new MeshSimError(error.code, `The agent of ${id} cannot run. ${error.message}`);
  }
  const what = `Could not start the agent of ${id} in ${folder} (${messageOf(error)})`;
  return (
    machineFault(error, { folder }) ??
    new MeshSimError('agent-failed', `${what}: check that folder and the installation.`, {
      cause: error,
    })
  );
}

/** The process starts while the emulator does; it is told what to do once there is a port to dial. */
async function sendLaunch(launch: AgentLaunch, node: NodeRecord, agent: AgentProcess) {
  const { switchProcess } = launch;
  try {
    const network = { port: await switchProcess.listening(), token: switchProcess.token };
    const { index, incarnation, byzantine } = node;
    const life = { incarnation, heldBefore: [...node.held], byzantine };
    agent.send(launchCommand(launch, index, network, life));
  } catch {
    // Without an emulator there is no run: it has told so itself.
  }
}
