import type { DsseEnvelope } from '../model/dsse.ts';
import type { OnceAnswer } from '../model/onceAnswers.ts';
import type { CapsuleVersion, UpgradeWindow } from '../model/upgradeReport.ts';
import type { DisturbCommand } from './disturbance.ts';

/**
 * The control channel of an agent: one JSON object per line, commands on its stdin, reports (report.ts) on
 * its stdout.
 * A closed stdin means that the orchestrator is gone: the agent ends with everything it started.
 *
 * An agent takes commands from the orchestrator that started it, of the same installation, and holds them against no schema:
 * building one took a tenth of its start (readCommand.ts). What it says itself is held against one.
 */

/** By name. */
type Ports = Record<string, number>;

/** A Capsule whose content is in a store of this machine. */
interface StoredCapsule {
  capsuleHash: string;
  envelope: DsseEnvelope;
  storeFolder: string;
}

export interface LaunchCommand {
  type: 'launch';
  nodeId: string;
  index: number;
  nodes: number;
  incarnation: number;
  /** The emulator on the loopback interface. */
  network: { port: number; token: string };
  /** Monotonic ms of the machine at which the run began. */
  origin: number;
  neighbours: number[];
  /** Indices of nodes; −1: none. */
  trees: { count: number; parents: number[]; children: number[][] };
  nextHops: number[];
  /** By node, services to ask it for, by index in the manifest. */
  asks: number[][];
  /** The same over the wire, where this node has one. */
  wireAsks: number[][];
  /** Of these, the ones that are asked for less often. */
  askedSeldom: number[];
  chunkCount: number;
  /** Chunks it held before it crashed. */
  heldBefore: number[];
  source: boolean;
  verify: boolean;
  byzantine: boolean;
  /** The largest share of packets that a link of the plan loses on average. */
  plannedLoss: number;
  /**
   * Left out: nothing has a rate. Bits per ms; 0: none. `links` and `down`, the rates of the receivers' last miles, in the order of
   * `neighbours`; `up` is that of the node's own last mile.
   */
  pace?: { uplink: number; links: number[]; up: number; down: number[] } | undefined;
  /** The Capsule this rehearsal is about, and the pinned key it must be signed with. */
  capsuleHash: string;
  publicKey: string;
  folder: string;
  /** What its own host gives it: the entry node's Capsule, or a drifted one. */
  offer?: StoredCapsule | undefined;
  /** It runs another Capsule at first, and is moved between the two; left out: it starts with the one it receives. */
  upgrade?:
    | {
        before: StoredCapsule & { publicKey: string };
        /** Hosts offer what is rolled out already. */
        isOffered: boolean;
        /** Whose checks and workload it is to run when it is asked for them. */
        checksFrom: CapsuleVersion;
        /** A fault waits until a migration of this node changes its state. */
        looksAtState: boolean;
        /** What it is moved to starts beside what serves, and takes over. */
        isBeside: boolean;
      }
    | undefined;
  services: ServiceOrders;
}

interface ServiceOrders {
  buildCacheFolder: string;
  /** What tools that build keep from one build to the next. */
  toolCacheFolder: string;
  /** Variables that tell builds of a proxy. */
  proxy: Record<string, string>;
  hostPath: string;
  servicePorts: Record<string, Ports>;
  /** By the number that questions between nodes have for them: of an upgrade, nodes run Capsules with different lists. */
  askedNames: string[];
  /** By node, where the services it is asked for listen in its box. */
  askedPorts: Record<string, Ports>[];
  /** Service → indices of the nodes that run it, in the order in which this node is to know them. */
  places: Record<string, number[]>;
  /** Services of other nodes that are healthy there already. */
  healthyElsewhere: string[];
  /** They need each other over the emulated network: a node that has no wire fails. */
  needsWire: boolean;
  secrets: Record<string, string>;
  /** Hosts no service may reach, services whose calls are measured, and the bundled hook for both; left out: neither. */
  guard?:
    | {
        hook: string;
        deny: string[];
        /** Addresses of denied hosts: guard/deniedAddresses. */
        addresses: { owners: Record<string, string>; unanswered: string[] };
        called: string[];
      }
    | undefined;
  /** They and their state lie on a file system of their own of that size, which chaos may fill; left out: on the machine's. */
  disk?: { bytes: number } | undefined;
  /** What it takes to put builds and services in a box; left out: nobody wants one. */
  box?:
    | {
        /** The bundled door. */
        door: string;
        /** Folder of the relay's scripts. */
        relay: string;
        /** Ports hosts outside have, besides usual ones. */
        ports: number[];
        /** Folders that are empty inside. */
        cover: string[];
        /** Why paths cannot be kept apart, one clause. */
        uncovered?: string | undefined;
        /** Of TCP inside; left out: the machine's. */
        congestionControl?: string | undefined;
      }
    | undefined;
}

/** Orchestrator → agent. */
export type AgentCommand =
  | LaunchCommand
  | { type: 'probe'; count: number }
  | { type: 'end-asking' }
  | { type: 'check-health' }
  | { type: 'byzantine' }
  /** Of an upgrade: its host offers what is rolled out from now on. */
  | { type: 'offer' }
  /** Of an upgrade: it is to run that Capsule, which it holds. */
  | { type: 'move'; to: CapsuleVersion }
  /** Of an upgrade: what is healthy beside what serves takes over, and what served is stopped. */
  | { type: 'take-over' }
  /** Of an upgrade: what started beside what serves is stopped. */
  | { type: 'give-up' }
  /** Of an upgrade: it is to run the check of that index in its Capsule, and to answer with `checked`. */
  | { type: 'check'; id: number; check: number; window: UpgradeWindow; wave: number }
  /** Of an upgrade: it is to run the workload, and answers when that has ended. */
  | { type: 'workload' }
  /** Another node runs this service, and there it is healthy now. */
  | { type: 'healthy-elsewhere'; service: string }
  | DisturbCommand
  /** `entered`: the way of boxes that programs have entered on its machine, see Box.way; left out: nobody knows yet. */
  | { type: 'turn-granted'; id: number; entered?: string | undefined }
  /** The answer to `once-wanted`, when it is known. */
  | { type: 'once-answered'; id: number; answer: OnceAnswer }
  /** Has a port of this machine lead to one of a service of this node. `at` 0: any that is free. */
  | { type: 'open-port'; id: number; service: string; port: string; at: number }
  /** What lies on its disk now, while its services run on. */
  | { type: 'tell-contents' }
  | { type: 'stop' };
