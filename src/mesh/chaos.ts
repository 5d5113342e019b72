import { nodeIndexOf } from '../model/nodeIds.ts';
import type { Fault, FaultEffect, Phase } from '../model/plan.ts';
import type { LinkChange } from '../model/linkChange.ts';

/** What a world has to do now. `fault` is the index in the schedule. Nodes are indices. */
export type ChaosAction =
  | { readonly fault: number; readonly kind: 'kill'; readonly node: number }
  | { readonly fault: number; readonly kind: 'restart'; readonly node: number }
  | {
      readonly fault: number;
      readonly kind: 'partition';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | { readonly fault: number; readonly kind: 'heal' }
  | {
      readonly fault: number;
      readonly kind: 'degrade';
      readonly from: number;
      readonly to: number;
      readonly change: LinkChange;
    }
  | {
      readonly fault: number;
      readonly kind: 'slow';
      readonly node: number;
      readonly factor: number;
    }
  | {
      readonly fault: number;
      readonly kind: 'corrupt';
      readonly node: number;
      readonly count: number;
    }
  | { readonly fault: number; readonly kind: 'byzantine'; readonly node: number };

function actionOf(fault: number, effect: FaultEffect): ChaosAction {
  if ('kill' in effect) return { fault, kind: 'kill', node: nodeIndexOf(effect.kill) };
  if ('partition' in effect) {
    const { from, to, oneWay } = effect.partition;
    const sides = { from: from.map(nodeIndexOf), to: to.map(nodeIndexOf) };
    return { fault, kind: 'partition', ...sides, oneWay };
  }
  if ('degradeLink' in effect) {
    const { from, to, ...change } = effect.degradeLink;
    const ends = { from: nodeIndexOf(from), to: nodeIndexOf(to) };
    return { fault, kind: 'degrade', ...ends, change };
  }
  if ('slow' in effect) {
    return { fault, kind: 'slow', node: nodeIndexOf(effect.slow), factor: effect.factor };
  }
  if ('corruptChunks' in effect) {
    const { to, count } = effect.corruptChunks;
    return { fault, kind: 'corrupt', node: nodeIndexOf(to), count };
  }
  return { fault, kind: 'byzantine', node: nodeIndexOf(effect.byzantine) };
}

/**
 * waiting → armed (it is due at a time) → fired → over. A kill with a restart is over when the node is healthy again, a
 * partition when it is healed, any other fault as soon as it has fired. One that never ends is never over.
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
  phase(node: number, phase: Phase, status: 'started' | 'ok' | 'error', at: number): void {
    this.#reached(node, phase, status === 'started' ? 0 : 1, at);
    if (phase === 'healthy' && status === 'ok') this.#recovered(node, at);
  }

  /** A node holds `have` of `total` chunks: progress of its phase `receive`. */
  progress(node: number, have: number, total: number, at: number): void {
    this.#reached(node, 'receive', total === 0 ? 1 : have / total, at);
  }

  #reached(node: number, phase: Phase, progress: number, at: number): void {
    for (const entry of this.#faults) {
      const { when } = entry.fault;
      if (entry.state !== 'waiting' || !('phase' in when)) continue;
      if (when.phase !== phase || nodeIndexOf(when.node) !== node) continue;
      if (progress < when.progress) continue;
      entry.state = 'armed';
      entry.dueAt = wholeMicroseconds(at);
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
    entry.state = 'fired';
    entry.dueAt = Infinity;
    if ('kill' in effect)
      entry.dueAt = wholeMicroseconds(firedAt + (effect.restartAfterMs ?? Infinity));
    else if ('partition' in effect)
      entry.dueAt = wholeMicroseconds(firedAt + (entryHeal(entry.fault) ?? Infinity));
    else this.#end(entry, firedAt);
    return actionOf(entry.index, effect);
  }

  #undo(entry: FaultProgress): ChaosAction {
    const effect = entry.fault.do;
    const at = entry.dueAt;
    entry.dueAt = Infinity;
    if ('kill' in effect) {
      return { fault: entry.index, kind: 'restart', node: nodeIndexOf(effect.kill) };
    }
    this.#end(entry, at);
    return { fault: entry.index, kind: 'heal' };
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
        const effect = Object.keys(fault.do)[0] ?? '';
        return `fault ${index} (${effect}) never fired: ${waitedFor(fault)}`;
      });
  }
}

function entryHeal({ do: effect }: Fault): number | undefined {
  return 'partition' in effect ? effect.healAfterMs : undefined;
}

function waitedFor({ when }: Fault): string {
  if ('atMs' in when) return `the run ended before ${when.atMs} ms`;
  if ('afterFault' in when) return `fault ${when.afterFault} was never over`;
  return `${when.node} never reached ${Math.round(when.progress * 100)} % of ${when.phase}`;
}

const NOTHING_DUE: FaultProgress = {
  index: -1,
  fault: { when: { atMs: 0 }, do: { byzantine: 'n0' } },
  state: 'over',
  dueAt: Infinity,
};
