import { nodeIndexOf } from '../model/nodeIds.ts';
import { kindOf } from '../model/faultKinds.ts';
import { spanOf } from '../model/faultSpan.ts';
import type { Fault, NodePhase, Trigger } from '../model/plan.ts';
import {
  UPGRADE_MOMENTS,
  type MigrationSign,
  type UpgradeMoment,
} from '../model/upgradeChoices.ts';
import type { UpgradeEvent } from './upgrade/upgradeIo.ts';
import { beginningOf, endOf, type ChaosAction } from './chaosActions.ts';

/**
 * waiting → armed (it is due at a time) → fired → over. How long it lasts, and when it is over, says
 * faultSpan. One that never ends is never over.
 */
type FaultState = 'waiting' | 'armed' | 'fired' | 'over';

interface FaultProgress {
  readonly index: number;
  readonly fault: Fault;
  state: FaultState;
  /** When the fault, or after it fired its restart or heal, is due; Infinity: not known (any more). */
  dueAt: number;
}

/** Sums of times carry rounding noise: without this, a clock of whole µs could stop just before a due time for ever. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * Decides when faults fire. A world feeds it what happened, then takes the actions that are due.
 * Times are ms since the run began. A pure state machine: no clock.
 */
export class ChaosDirector {
  readonly schedule: readonly Fault[];
  readonly #faults: FaultProgress[];

  constructor(schedule: readonly Fault[]) {
    this.schedule = schedule;
    this.#faults = schedule.map((fault, index) => {
      const timed = 'atMs' in fault.when;
      const dueAt = 'atMs' in fault.when ? fault.when.atMs : Infinity;
      return { index, fault, state: timed ? 'armed' : 'waiting', dueAt };
    });
  }

  /** A phase of a node started or ended. Its end fires what waits for any progress of it. */
  phase(node: number, phase: NodePhase, status: 'started' | 'ok' | 'error', at: number): void {
    this.#reached(node, phase, status === 'started' ? 0 : 1, at);
    if (phase === 'migrate' && status !== 'started') this.migrationOver(node);
    if (phase === 'healthy' && status === 'ok') this.#recovered(node, at);
  }

  /** A node holds `have` of `total` chunks: progress of its phase `receive`. */
  progress(node: number, have: number, total: number, at: number): void {
    this.#reached(node, 'receive', total === 0 ? 1 : have / total, at);
  }

  /** What an upgrade tells of itself; of a moment only the first time counts. */
  hear(event: UpgradeEvent, at: number): void {
    if (event.kind === 'wave-begun' || event.kind === 'wave-switched') {
      const since = event.kind === 'wave-switched' ? 'switched' : undefined;
      this.#arm((when) => 'wave' in when && when.wave === event.wave && when.since === since, at);
    }
    const moment = momentOf(event);
    this.#arm((when) => 'upgrade' in when && when.upgrade === moment, at);
  }

  /** A command of a migration has begun on a node, or changed its state. */
  migration(node: number, sign: MigrationSign, at: number): void {
    this.#arm((when) => waitsForMigrationOf(when, node) && when.since === sign, at);
  }

  /** None runs there any more: what was not due by then waits for the next. */
  migrationOver(node: number): void {
    for (const entry of this.#faults) {
      if (entry.state !== 'armed' || !waitsForMigrationOf(entry.fault.when, node)) continue;
      entry.state = 'waiting';
      entry.dueAt = Infinity;
    }
  }

  #reached(node: number, phase: NodePhase, progress: number, at: number): void {
    this.#arm(
      (when) =>
        'phase' in when &&
        when.phase === phase &&
        nodeIndexOf(when.node) === node &&
        progress >= when.progress,
      at,
    );
  }

  #arm(isMet: (when: Trigger) => boolean, at: number): void {
    for (const entry of this.#faults) {
      if (entry.state !== 'waiting' || !isMet(entry.fault.when)) continue;
      entry.state = 'armed';
      const { when } = entry.fault;
      entry.dueAt = wholeMicroseconds(at + ('migrates' in when ? when.delayMs : 0));
    }
  }

  #recovered(node: number, at: number): void {
    for (const entry of this.#faults) {
      const effect = entry.fault.do;
      const isKill = 'kill' in effect && nodeIndexOf(effect.kill) === node;
      if (entry.state === 'fired' && isKill && entry.dueAt === Infinity) this.#end(entry, at);
    }
  }

  #end(entry: FaultProgress, at: number): void {
    entry.state = 'over';
    entry.dueAt = Infinity;
    for (const other of this.#faults) {
      const { when } = other.fault;
      if (!('afterFault' in when) || when.afterFault !== entry.index) continue;
      other.state = 'armed';
      other.dueAt = wholeMicroseconds(at + when.delayMs);
    }
  }

  /** The actions due at `at`, in order of their due times; each is returned once. */
  take(at: number): ChaosAction[] {
    const actions: ChaosAction[] = [];
    for (let entry = this.#nextEntry(); entry.dueAt <= at; entry = this.#nextEntry()) {
      if (entry === NOTHING_DUE) break;
      actions.push(entry.state === 'armed' ? this.#fire(entry) : this.#undo(entry));
    }
    return actions;
  }

  #fire(entry: FaultProgress): ChaosAction {
    const firedAt = entry.dueAt;
    const effect = entry.fault.do;
    const { endsAfterMs } = spanOf(effect);
    entry.state = 'fired';
    entry.dueAt = wholeMicroseconds(firedAt + (endsAfterMs ?? Infinity));
    if (endsAfterMs === undefined) this.#end(entry, firedAt);
    return beginningOf(entry.index, effect);
  }

  #undo(entry: FaultProgress): ChaosAction {
    const effect = entry.fault.do;
    const at = entry.dueAt;
    entry.dueAt = Infinity;
    if (!spanOf(effect).isOverWhenHealthy) this.#end(entry, at);
    return endOf(entry.index, effect);
  }

  #nextEntry(): FaultProgress {
    return this.#faults.reduce(
      (first, entry) => (entry.dueAt < first.dueAt ? entry : first),
      NOTHING_DUE,
    );
  }

  /** When the next timed action is due; Infinity when none is. */
  nextDueAt(): number {
    return this.#nextEntry().dueAt;
  }

  /** True while a restart, a heal or a timed fault is still to come: the run is not over. */
  get pending(): boolean {
    return this.nextDueAt() < Infinity;
  }

  /** Faults that never fired, one sentence each. */
  unfired(): string[] {
    return this.#faults
      .filter(({ state }) => state === 'waiting' || state === 'armed')
      .map(({ index, fault }) => {
        return `fault ${index} (${kindOf(fault.do)}) never fired: ${waitedFor(fault)}`;
      });
  }
}

type MigrationTrigger = Extract<Trigger, { migrates: string }>;

function waitsForMigrationOf(when: Trigger, node: number): when is MigrationTrigger {
  return 'migrates' in when && nodeIndexOf(when.migrates) === node;
}

/** Undefined: none that faults wait for. */
function momentOf(event: UpgradeEvent): UpgradeMoment | undefined {
  if (event.kind === 'window') return UPGRADE_MOMENTS.find((moment) => moment === event.window);
  const isOver = event.kind === 'ended' || (event.kind === 'wave-ended' && event.isLast);
  return isOver ? 'done' : undefined;
}

const MOMENTS_MISSED: Record<UpgradeMoment, string> = {
  mixed: 'no wave of the upgrade began',
  'rolled-back': 'the upgrade was never rolled back',
  done: 'the last wave of the upgrade never ended',
};

function waitedFor({ when }: Fault): string {
  if ('atMs' in when) return `the run ended before ${when.atMs} ms`;
  if ('afterFault' in when) return `fault ${when.afterFault} was never over`;
  if ('wave' in when) {
    const { wave, since } = when;
    return since === undefined ? `wave ${wave} never began` : `no names switched in wave ${wave}`;
  }
  if ('upgrade' in when) return MOMENTS_MISSED[when.upgrade];
  if ('migrates' in when) return `no migration on ${when.migrates} ${lastedTo(when)}`;
  return `${when.node} never reached ${Math.round(when.progress * 100)} % of ${when.phase}`;
}

function lastedTo({ since, delayMs }: MigrationTrigger): string {
  const sign = since === 'begun' ? 'it had begun' : 'it had changed its state';
  if (delayMs > 0) return `still ran ${delayMs} ms after ${sign}`;
  return since === 'begun' ? 'ever ran' : 'was seen to change its state while it ran';
}

const NOTHING_DUE: FaultProgress = {
  index: -1,
  fault: { when: { atMs: 0 }, do: { byzantine: 'n0' } },
  state: 'over',
  dueAt: Infinity,
};
