import type { Fault } from '../model/plan.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import { lossOverWay } from '../model/linkMeasures.ts';
import {
  changedSpec,
  type LinkChange,
  type LinkSpec,
  type WayDelay,
  type WayLoss,
} from '../model/linkSpec.ts';
import type { LinkSettings } from '../model/topology.ts';
import { type DelayRange, delayRange } from './delayDraw.ts';
import type { LinkTable } from './linkTable.ts';

/** What one link can be while a schedule of chaos is at work, whatever of it fires when. */
export interface LinkVariants {
  /** One-way delays it can configure, ms. */
  readonly delay: DelayRange;
  /** The smallest and the largest share of packets that some state of it loses, 0–1. */
  readonly leastLoss: number;
  readonly mostLoss: number;
  /** The largest share of packets that can be counted as lost: damage takes all packets but chunks for lost ones. */
  readonly mostLost: number;
  /** A packet that dies on it was lost: nothing damages chunks, no queue is full. */
  readonly onlyLoses: boolean;
  /** Packets may die on it that it did not lose, and that no fault of the schedule counts: damaged, or before a full queue. */
  readonly mayDropOthers: boolean;
  /** Some packet may die on it: lost, damaged, or before a full queue. */
  readonly mayLose: boolean;
  readonly mayCorrupt: boolean;
  readonly mayDouble: boolean;
  /** It may refuse or swallow packets by its state. */
  readonly mayBeDown: boolean;
  /** Nothing can get through, ever. */
  readonly isDead: boolean;
}

/** A fault at 0 ms holds from packet 0 on: what the plan says without it is never seen. */
function isFromStart({ when }: Fault): boolean {
  return 'atMs' in when && when.atMs === 0;
}

/** Every value a field of the link can have, one after the other or in any order. */
function valuesOf<K extends keyof LinkSettings>(
  field: K,
  plain: LinkSpec,
  changes: readonly { readonly change: LinkChange; readonly fromStart: boolean }[],
): LinkSpec[K][] {
  const set = changes.filter(({ change }) => change[field] !== undefined);
  const values = set.map(({ change }) => changedSpec(plain, change)[field]);
  return set.some(({ fromStart }) => fromStart) ? values : [plain[field], ...values];
}

function factorsOf(schedule: readonly Fault[], nodeId: string): number[] {
  const slow = schedule.flatMap((fault) =>
    'slow' in fault.do && fault.do.slow === nodeId
      ? [{ factor: fault.do.factor, fromStart: isFromStart(fault) }]
      : [],
  );
  const factors = slow.map(({ factor }) => factor);
  return slow.some(({ fromStart }) => fromStart) ? factors : [1, ...factors];
}

function changesOf(schedule: readonly Fault[], from: string, to: string) {
  return schedule.flatMap((fault) => {
    if (!('degradeLink' in fault.do)) return [];
    const { from: source, to: target, ...change } = fault.do.degradeLink;
    return source === from && target === to ? [{ change, fromStart: isFromStart(fault) }] : [];
  });
}

function leastLossOf(way: WayLoss): number {
  return lossOverWay(way, (loss) =>
    loss.kind === 'bernoulli' ? loss.p : Math.min(loss.lossGood, loss.lossBad),
  );
}

function mostLossOf(way: WayLoss): number {
  return lossOverWay(way, (loss) =>
    loss.kind === 'bernoulli' ? loss.p : Math.max(loss.lossGood, loss.lossBad),
  );
}

function rangeOver(delays: readonly WayDelay[], from: number[], to: number[]): DelayRange {
  const ranges = delays.map(delayRange);
  const least = Math.min(...from) * Math.min(...to);
  const most = Math.max(...from) * Math.max(...to);
  return {
    least: Math.min(...ranges.map((range) => range.least)) * least,
    most: Math.max(...ranges.map((range) => range.most)) * most,
  };
}

/** Undefined: the plan has no such link. `from` and `to` are indices of nodes. */
export function linkVariants(
  table: LinkTable,
  schedule: readonly Fault[],
  from: number,
  to: number,
): LinkVariants | undefined {
  const plain = table.modelOf(from, to)?.spec;
  if (plain === undefined) return undefined;
  const [source, target] = [nodeIdOf(from), nodeIdOf(to)];
  const changes = changesOf(schedule, source, target);
  const losses = valuesOf('loss', plain, changes);
  const best = Math.min(...losses.map(leastLossOf));
  const worst = Math.max(...losses.map(mostLossOf));
  const states = valuesOf('state', plain, changes).map((state) => state ?? 'up');
  const garbled = Math.max(...valuesOf('corrupt', plain, changes).map((p) => p ?? 0));
  const corrupts = garbled > 0;
  const overflows = valuesOf('queueBytes', plain, changes).some((bytes) => bytes !== undefined);
  const damages = schedule.some(
    ({ do: effect }) => 'corruptChunks' in effect && effect.corruptChunks.to === target,
  );
  return {
    delay: rangeOver(
      valuesOf('delay', plain, changes),
      factorsOf(schedule, source),
      factorsOf(schedule, target),
    ),
    leastLoss: best,
    mostLoss: worst,
    mostLost: worst + (1 - worst) * garbled,
    onlyLoses: !corrupts && !overflows && !damages,
    mayDropOthers: corrupts || overflows,
    mayLose: corrupts || overflows || damages || worst > 0,
    mayCorrupt: corrupts || damages,
    mayDouble: valuesOf('duplicate', plain, changes).some((p) => (p ?? 0) > 0),
    mayBeDown: states.some((state) => state !== 'up'),
    isDead: best >= 1 || states.every((state) => state !== 'up'),
  };
}
