import type { ProcessesFound } from '../../mesh/invariants.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { AgentCommand } from '../../wire/control.ts';
import type { AgentReport } from '../../wire/report.ts';
import type { Cover } from '../real/options.ts';

/** A machine that nodes of a run live on. */
export interface HostMachine {
  readonly name: string;
  /** As many programs start there at once. */
  readonly cores: number;
}

/** Where a node finds on its machine what the command that launches it names. */
export interface HostPaths {
  /** The node's own. */
  readonly folder: string;
  /** Holds what its own host gives the node. */
  readonly storeFolder: string;
  readonly buildCacheFolder: string;
  readonly toolCacheFolder: string;
  readonly hostPath: string;
  readonly bundles: Readonly<Record<'guard' | 'door' | 'relay', string>>;
  readonly cover: Cover;
  /** Variables that tell builds of a proxy, see vault/proxyVariables. */
  readonly proxy: Readonly<Record<string, string>>;
  /** ms of the machine's monotonic clock at which the run began. */
  readonly origin: number;
}

/** An agent that was started: one life of a node. */
export interface HostedAgent {
  /** Resolves once the process is gone and all it said was read. */
  readonly ended: Promise<void>;
  readonly isGone: boolean;
  send(command: AgentCommand): void;
  /** SIGKILL to the agent and to everything it started. */
  kill(): void;
}

export interface AgentStart {
  /** Masks its last words before they are cut. */
  readonly redactor: Redactor;
  readonly onReport: (report: AgentReport) => void;
  /** The machine gave no process, or one without the threads and memory that Node.js needs. `onEnd` follows. */
  readonly onUnable: (error: Error) => void;
  /** It ended, in words: "exited with code 1: <last line of stderr>". Comes after its last report. */
  readonly onEnd: (words: string) => void;
}

export type Isolated = Pick<
  Extract<AgentReport, { type: 'isolated' }>,
  'isolation' | 'pid' | 'wire'
>;

/** What one node of a run has on its machine, over all its lives. */
export interface HostedNode {
  readonly machine: HostMachine;
  readonly paths: HostPaths;
  /**
   * The loopback port of its machine that leads to the emulator, which listens at `port` of this one.
   */
  emulatorAt(port: number): number;
  /** @throws Error with the system's code where its folder cannot be made */
  start(start: AgentStart): HostedAgent;
  /** What its agent says it has set up around services. */
  addSurroundings(isolated: Isolated): void;
  /** Its boxes are about to end: what their devices dropped is counted. */
  takeDrops(): void;
  /** To be called before its agent is ended: children of that become somebody else's. */
  look(): void;
  /** Ends all there is of it, as if its machine had failed. Resolves when that is gone. */
  end(): Promise<void>;
}

/** All there is of a run on one machine, or of one of its nodes where each has a machine of its own. */
export interface HostedProcesses {
  /** After agents were killed: finds what is still at work, ends it, and says what it was. */
  endRest(): Promise<ProcessesFound>;
  /** Packets that devices of nodes dropped; null: not known of all. */
  readonly deviceDrops: number | null;
}
