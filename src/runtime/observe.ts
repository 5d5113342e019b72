import type { Invariant, NetworkReport, RunEnvironment } from '../model/evidence.ts';
import type { MeshEvent } from '../model/events.ts';
import type { RunObservation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { EventsSeal } from './recorder.ts';

/** What the events do not say. */
export interface RunFacts {
  /** ms since the run began. */
  readonly endedAt: number;
  readonly latencyMatrix: readonly (readonly number[])[];
  readonly invariants: readonly Invariant[];
  readonly network: NetworkReport;
  readonly events: EventsSeal;
  readonly environment: RunEnvironment;
}

/** Folds the events of one run, in order, into what was observed. Both worlds use it. */
export class RunObserver {
  readonly #simId: string;
  readonly #plan: Plan;
  readonly #startedAt: number;

  /** `startedAt`: wall ms at which the events' `at` is 0. */
  constructor(simId: string, plan: Plan, startedAt: number) {
    this.#simId = simId;
    this.#plan = plan;
    this.#startedAt = startedAt;
  }

  apply(event: MeshEvent): void {
    void event;
  }

  /** Its last phase is `healthy` and ended well. */
  isHealthy(node: number): boolean {
    void node;
    return false;
  }

  /** A service of it was never started before a Capsule was verified in the same incarnation. */
  verifiedBeforeStart(node: number): boolean {
    void node;
    return true;
  }

  /** Manifests and chunks it refused. */
  refused(node: number): number {
    void node;
    return 0;
  }

  observe(facts: RunFacts): RunObservation {
    void [facts, this.#simId, this.#plan, this.#startedAt];
    throw new Error('pending');
  }
}
