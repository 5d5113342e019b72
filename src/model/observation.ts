import type {
  Indicator,
  NetworkReport,
  NodeRecovery,
  NodeReport,
  RunEnvironment,
} from './evidence.ts';
import type { Invariant } from './invariants.ts';
import type { Plan } from './plan.ts';

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
  readonly events: { readonly count: number; readonly digest: string; readonly merkleRoot: string };
  readonly environment: RunEnvironment;
}
