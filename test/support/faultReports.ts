import { chaosSchedule } from '../../src/mesh/chaosSchedule.ts';
import { byKind, type EffectOf, type FaultKind } from '../../src/model/faultKinds.ts';
import { spanOf } from '../../src/model/faultSpan.ts';
import type { FaultReport } from '../../src/model/faultReport.ts';
import type { Fault, Plan } from '../../src/model/plan.ts';

/** Packets a partition cuts off on each link across it, things that are refused because of an altered Capsule. */
const CUT = 7;
const ALTERED = 3;
/** A service that was killed is healthy again after this many ms. */
const BACK_MS = 40;

export interface FiringTimes {
  /** ms since the Unix epoch. */
  readonly startedMs: number;
  /** From the start to the first fault; each other one fires `apartMs` after the one before, none before its own time. */
  readonly firstMs: number;
  readonly apartMs: number;
  /** From the start to when a node is killed for the first time, to when it is back, and from one kill of it to the next. */
  readonly killedMs: number;
  readonly awayMs: number;
  readonly againMs: number;
  /** Services of different nodes were connected. */
  readonly wired?: boolean;
}

/** What the faults of a plan did in a run in which each of them fired and had an effect. */
export function faultReportsOf(plan: Plan, times: FiringTimes): FaultReport[] {
  const schedule = chaosSchedule(plan);
  return schedule.map((fault, index) => {
    if ('kill' in fault.do) {
      const { kill } = fault.do;
      const before = schedule
        .slice(0, index)
        .filter(({ do: one }) => 'kill' in one && one.kill === kill);
      const since = times.killedMs + before.length * times.againMs;
      return reportOf(fault, index, times.startedMs + since, times.awayMs);
    }
    const due = 'atMs' in fault.when ? fault.when.atMs : 0;
    const since = Math.max(due, times.firstMs + index * times.apartMs);
    const report = reportOf(fault, index, times.startedMs + since);
    const { effect } = report;
    const isOfLinks = effect === 'partition' || effect === 'degradeLink' || effect === 'slow';
    return isOfLinks && times.wired === true ? { ...report, impairedOfServices: CUT } : report;
  });
}

type Done<Kind extends FaultKind> = Kind extends FaultKind
  ? Omit<Extract<FaultReport, { effect: Kind }>, 'fault' | 'firedAt' | 'endedAt'>
  : never;

const DONE = {
  kill: () => ({ effect: 'kill', booted: true, held: 5 }),
  partition: () => ({ effect: 'partition', impaired: CUT }),
  degradeLink: () => ({ effect: 'degradeLink', impaired: 7 }),
  slow: () => ({ effect: 'slow', impaired: 7 }),
  corruptChunks: ({ corruptChunks: { count } }) => {
    return { effect: 'corruptChunks', impaired: count, refused: count };
  },
  byzantine: () => ({ effect: 'byzantine', refused: ALTERED }),
  pause: () => ({ effect: 'pause', processes: 2 }),
  killService: () => ({ effect: 'killService', processes: 2 }),
  refuse: () => ({ effect: 'refuse', packets: 7 }),
  dns: () => ({ effect: 'dns', answers: 3 }),
  fillDisk: () => ({ effect: 'fillDisk', filled: 8_192, leastFree: 0 }),
} satisfies { readonly [Kind in FaultKind]: (effect: EffectOf<Kind>) => Done<Kind> };

/** ms until the fault is over; null: it lasts. */
function lastsMs({ do: effect }: Fault, awayMs: number): number | null {
  const { endsAfterMs = Infinity, endIsTold } = spanOf(effect);
  if ('kill' in effect) return endsAfterMs === Infinity ? null : awayMs;
  if (endsAfterMs < Infinity) return endsAfterMs;
  return endIsTold ? BACK_MS : null;
}

function reportOf(fault: Fault, index: number, firedMs: number, awayMs = 0): FaultReport {
  const lasts = lastsMs(fault, awayMs);
  const endedAt = lasts === null ? null : new Date(firedMs + lasts).toISOString();
  const done = byKind<Done<FaultKind>, []>(DONE, fault.do);
  return { fault: index, firedAt: new Date(firedMs).toISOString(), endedAt, ...done };
}

/** By how much the node's packets are slower for chaos, as a factor. */
export function slowness(schedule: readonly Fault[], nodeId: string): number {
  return schedule.reduce(
    (factor, { do: effect }) =>
      'slow' in effect && effect.slow === nodeId ? factor * effect.factor : factor,
    1,
  );
}

/** Packets of one link that found nobody because of partitions. */
export function cutOn(schedule: readonly Fault[], from: string, to: string): number {
  const isAcross = ({ do: effect }: Fault): boolean => {
    if (!('partition' in effect)) return false;
    const { partition } = effect;
    const crosses = (source: string, target: string) =>
      partition.from.includes(source) && partition.to.includes(target);
    return crosses(from, to) || (!partition.oneWay && crosses(to, from));
  };
  return CUT * schedule.filter(isAcross).length;
}

/** Manifests and chunks the node refused because of what faults altered; the first node but the liar refuses what it is handed. */
export function refusedBy(schedule: readonly Fault[], nodeId: string): number {
  return schedule.reduce((sum, { do: effect }) => {
    if ('corruptChunks' in effect && effect.corruptChunks.to === nodeId) {
      return sum + effect.corruptChunks.count;
    }
    const refuser = 'byzantine' in effect && effect.byzantine === 'n1' ? 'n2' : 'n1';
    return 'byzantine' in effect && refuser === nodeId ? sum + ALTERED : sum;
  }, 0);
}
