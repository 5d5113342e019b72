import type {
  NetworkReport,
  NodeRecovery,
  NodeReport,
  RanOnNode,
  RunEnvironment,
  StatedNetwork,
} from './evidence.ts';
import type { Indicator } from './indicator.ts';
import type { FaultReport } from './faultReport.ts';
import type { Invariant } from './invariants.ts';
import type { Plan } from './plan.ts';
import type { UsedProgram } from './requiredProgram.ts';
import type { HostedNodeReport } from './hostReport.ts';
import type { UpgradeReport } from './upgradeReport.ts';

/**
 * What the orchestrator itself saw of one finished run. Evidence is assembled from this and from nothing else.
 * Node reports are in node order; times are ISO 8601 with milliseconds.
 */
export interface RunObservation {
  readonly simId: string;
  readonly plan: Plan;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly nodeReports: readonly NodeReport[];
  readonly latencyMatrix: readonly (readonly number[])[];
  readonly outcome: 'pass' | 'fail';
  /** On `fail`: the first cause, one sentence that names node and service. */
  readonly cause?: string;
  readonly invariants: readonly Invariant[];
  /** One for each objective that was measured; empty in virtual time, where no service runs. */
  readonly indicators: readonly Indicator[];
  readonly network: NetworkReport;
  readonly recovery: readonly NodeRecovery[];
  /** What each fault of the schedule did, in its order. */
  readonly faults: readonly FaultReport[];
  /** Where services ran; left out in virtual time, where none does. */
  readonly ran?: readonly RanOnNode[];
  /** What services ran that are programs of the machine, by node; left out where the Capsule has none, and in virtual time. */
  readonly programs?: readonly UsedProgram[];
  /** Nodes that lived on other machines; left out: none did. */
  readonly hosts?: readonly HostedNodeReport[];
  /** What its upgrade came to; left out: its plan has none. */
  readonly upgrade?: UpgradeReport;
  readonly events: { readonly count: number; readonly digest: string; readonly merkleRoot: string };
  readonly environment: RunEnvironment;
  /** Its nodes were held up to be looked at, and ran on when this was recorded; left out: they had been stopped. */
  readonly held?: true;
}

/** A run as evidence of either schema states it. */
export type StatedRun = Omit<RunObservation, 'network' | 'faults'> & {
  readonly network: StatedNetwork;
};
