import { plannedLegs } from '../../mesh/upgrade/waves.ts';
import type { MeshEvent } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type {
  CheckReport,
  ServiceAnswers,
  UpgradeOutcome,
  UpgradeReport,
  UpgradeWindow,
  WaveReport,
  WorkloadReport,
} from '../../model/upgradeReport.ts';

type EventOf<T extends MeshEvent['type']> = Extract<MeshEvent, { type: T }>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Folds the events of a run into what its upgrade came to. */
export class UpgradeRecord {
  readonly #upgrade: UpgradePlan;
  readonly #order: UpgradeReport['order'];
  readonly #waves: Writable<WaveReport>[] = [];
  readonly #windows: { readonly window: UpgradeWindow; readonly startMs: number }[] = [];
  /** By node: one that halted, crashed and came back halts again. */
  readonly #halted = new Map<string, string>();
  readonly #checks: CheckReport[] = [];
  /** Names of services have no space. */
  readonly #answers = new Map<string, ServiceAnswers>();
  #workload: WorkloadReport | undefined;
  #reason: string | undefined;
  #outcome: UpgradeOutcome = 'unfinished';

  constructor(upgrade: UpgradePlan, { params, seed }: Pick<Plan, 'params' | 'seed'>) {
    this.#upgrade = upgrade;
    this.#order = plannedLegs(upgrade, params.nodes, seed).map(({ to, waves }) => ({
      to,
      waves: waves.map((wave) => wave.map(nodeIdOf)),
    }));
  }

  apply(event: MeshEvent): void {
    if (event.type === 'wave') this.#applyWave(event);
    else if (event.type === 'window') {
      this.#windows.push({ window: event.window, startMs: event.at });
    } else if (event.type === 'check') this.#applyCheck(event);
    else if (event.type === 'probes') this.#applyProbes(event);
    else if (event.type === 'workload') this.#applyWorkload(event);
    else if (event.type === 'upgrade') this.#applyUpgrade(event);
  }

  #applyWave({ wave, leg, to, nodes, status, at }: EventOf<'wave'>): void {
    if (status === 'begun') {
      const began = { leg, to, index: wave, nodes, startMs: at };
      this.#waves.push({ ...began, endMs: null, outcome: 'unfinished' });
      return;
    }
    const last = this.#waves.at(-1);
    if (last?.index !== wave) return;
    Object.assign(
      last,
      status === 'switched' ? { switchedMs: at } : { endMs: at, outcome: status },
    );
  }

  #applyCheck({ name, window, wave, nodeId, status, details }: EventOf<'check'>): void {
    if (status === 'begun') return;
    this.#checks.push({ name, window, wave, nodeId, outcome: status, ...given(details) });
  }

  #applyProbes({ service, places = [] }: EventOf<'probes'>): void {
    for (const { nodeId, asked, refused, unanswered } of places) {
      const key = `${service} ${nodeId}`;
      const found = this.#answers.get(key) ?? NOT_ASKED;
      this.#answers.set(key, {
        ...{ service, nodeId },
        asked: found.asked + asked,
        refused: found.refused + refused,
        unanswered: found.unanswered + unanswered,
      });
    }
  }

  /** What other nodes found so far that asked for services. */
  get answers(): ServiceAnswers[] {
    return [...this.#answers.values()];
  }

  /** One that failed stays so, whatever becomes of it after a restart of its node. */
  #applyWorkload({ nodeId, status, details }: EventOf<'workload'>): void {
    if (this.#workload?.outcome === 'failed') return;
    this.#workload = { nodeId, outcome: status === 'begun' ? 'ran' : 'failed', ...given(details) };
  }

  #applyUpgrade({ status, nodeId = '', details = '' }: EventOf<'upgrade'>): void {
    if (status === 'staged') return;
    if (status === 'halted') this.#halted.set(nodeId, details);
    else if (status === 'rollback') this.#reason = details;
    else this.#outcome = status;
  }

  /** @param endMs of the run @param measured window by window, and what that came to */
  report(
    endMs: number,
    measured: Pick<UpgradeReport, 'indicators' | 'comparisons'>,
  ): UpgradeReport {
    const { from, strategy, rollback } = this.#upgrade;
    return {
      from,
      strategy,
      order: this.#order,
      waves: this.#waves,
      rollback: {
        planned: rollback,
        ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      },
      windows: this.#windows.map((window, at) => {
        return { ...window, endMs: this.#windows[at + 1]?.startMs ?? endMs };
      }),
      halted: [...this.#halted].map(([nodeId, details]) => ({ nodeId, details })),
      checks: this.#checks,
      answers: this.answers,
      ...measured,
      ...(this.#workload === undefined ? {} : { workload: this.#workload }),
      outcome: this.#outcome,
    };
  }
}

const NOT_ASKED = { asked: 0, refused: 0, unanswered: 0 };

function given(details: string | undefined): { details?: string } {
  return details === undefined ? {} : { details };
}
