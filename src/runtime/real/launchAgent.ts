import type { AgentReport } from '../../wire/report.ts';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { HostedAgent } from '../hosts/hostedNode.ts';
import type { RunHosts } from '../hosts/runHosts.ts';
import { launchCommand, type LaunchContext } from './launchCommand.ts';
import type { NodeRecord } from './nodeRecord.ts';
import type { SwitchProcess } from './switchProcess.ts';

export interface AgentLaunch extends LaunchContext {
  readonly switchProcess: SwitchProcess;
  readonly hosts: RunHosts;
  readonly redactor: Redactor;
  /** The machine is at fault, not the Capsule: the run cannot go on. */
  readonly onBroken: (error: MeshSimError) => void;
}

export interface AgentEvents {
  readonly onReport: (report: AgentReport) => void;
  readonly onEnd: (words: string) => void;
}

/** Starts the agent of a node on the node's machine; whatever that lacks for it ends the run. */
export function launchAgent(launch: AgentLaunch, node: NodeRecord, events: AgentEvents): void {
  const { hosts, redactor, onBroken } = launch;
  const hosted = hosts.nodeAt(node.index);
  const { folder } = hosted.paths;
  try {
    const agent: HostedAgent = hosted.start({
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
async function sendLaunch(launch: AgentLaunch, node: NodeRecord, agent: HostedAgent) {
  const { switchProcess, hosts } = launch;
  try {
    const { index, incarnation, byzantine } = node;
    const hosted = hosts.nodeAt(index);
    const port = hosted.emulatorAt(await switchProcess.listening());
    const network = { port, token: switchProcess.tokenOf(index) };
    const life = { incarnation, heldBefore: [...node.held], byzantine };
    agent.send(launchCommand(launch, index, hosted.paths, network, life));
  } catch {
    // Without an emulator there is no run: it has told so itself.
  }
}
