import type { ErrorCode } from '../../../base/errors.ts';
import type { LinkReport, NetworkReport } from '../../../model/evidence.ts';
import type { PacketBatch } from '../../../model/events.ts';
import type { CaptureMode } from '../../../model/captureMode.ts';
import type { Plan } from '../../../model/plan.ts';
import type { PortName } from './traffic/targetNames.ts';
import type { TrafficEvent } from './traffic/trafficMeter.ts';
import type { CapturedBlocks } from './packetCapture.ts';
import type { RefusedPackets } from './packetSwitch.ts';
import type { RefusalNews } from './refusals.ts';
import type { LinkChange } from '../../../model/linkSpec.ts';

/** What the emulator is told first. */
export interface SwitchData {
  readonly type: 'begin';
  readonly plan: Plan;
  /** By index: a node has to know its own, since other programs of this machine can reach the port too. */
  readonly tokens: readonly string[];
  /** Monotonic ms at which the run began: all times in frames and packets count from it. */
  readonly origin: number;
  /** Ports of the registry by name: what events call what services say to each other. */
  readonly portNames: readonly PortName[];
  /** Packets of services are to be kept; left out: they are not. `startedAt`: wall ms at which the run began. */
  readonly capture?: { readonly mode: CaptureMode; readonly startedAt: number } | undefined;
}

/** One of the networks that a node has in an upgrade whose services start beside those that serve. */
export interface PlaceOfNode {
  readonly node: number;
  readonly place: number;
}

/** Orchestrator → emulator. Nodes are indices; `fault` is the index in the schedule, by which effects are counted. */
export type SwitchCommand =
  /** What the real way of a node on another host takes. */
  | {
      readonly type: 'path';
      readonly node: number;
      readonly upMs: number;
      readonly downMs: number;
    }
  | {
      readonly type: 'partition';
      readonly fault: number;
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | { readonly type: 'heal'; readonly fault: number }
  | {
      readonly type: 'degrade';
      readonly fault: number;
      readonly from: number;
      readonly to: number;
      readonly change: LinkChange;
    }
  | {
      readonly type: 'slow';
      readonly fault: number;
      readonly node: number;
      readonly factor: number;
    }
  | {
      readonly type: 'corrupt';
      readonly fault: number;
      readonly node: number;
      readonly count: number;
    }
  /** Packets of services across the cut are refused, not carried. */
  | {
      readonly type: 'refuse';
      readonly fault: number;
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | { readonly type: 'end-refusal'; readonly fault: number }
  /** New flows to these nodes go to that place of theirs, all at once. */
  | { readonly type: 'lead'; readonly places: readonly PlaceOfNode[] }
  /** Nothing answers in that place of the node any more. */
  | ({ readonly type: 'retire' } & PlaceOfNode)
  | { readonly type: 'report' };

export interface SwitchReport {
  readonly links: LinkReport[];
  readonly timingErrorMs: NetworkReport['timingErrorMs'];
  readonly decisionsDigest: string;
  /** By index in the schedule: packets that fared worse than without that fault. */
  readonly impaired: readonly number[];
  /** The same of packets between services. How many there are differs from run to run, and so does the digest. */
  readonly services: {
    readonly links: LinkReport[];
    readonly bytes: number;
    readonly timingErrorMs: NetworkReport['timingErrorMs'];
    readonly decisionsDigest: string;
    readonly impaired: readonly number[];
    /** Dropped by the switch, by reason. */
    readonly refused: RefusedPackets;
  };
}

/** Emulator → orchestrator. */
export type SwitchMessage =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'packets'; readonly packets: PacketBatch }
  | { readonly type: 'refusal'; readonly news: RefusalNews }
  /** What services of different nodes said to each other since the last. */
  | { readonly type: 'seen'; readonly events: readonly TrafficEvent[] }
  | { readonly type: 'captured'; readonly captured: CapturedBlocks }
  /** The machine has nothing more to give; it ends. */
  | { readonly type: 'broken'; readonly code: ErrorCode; readonly sentence: string }
  /** These come first: all that was seen before `report` was asked for has been posted. */
  | { readonly type: 'report'; readonly report: SwitchReport };
