import { chaosSchedule } from '../../src/mesh/chaosSchedule.ts';
import type { FaultReport } from '../../src/model/faultReport.ts';
import type { Fault, Plan } from '../../src/model/plan.ts';

/** Packets a partition cuts off on each link across it, things that are refused because of an altered Capsule. */
const CUT = 7;
const ALTERED = 3;

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
    return reportOf(fault, index, times.startedMs + since);
  });
}

/** ms until the fault is over; null: it lasts. */
function lastsMs({ do: effect }: Fault, awayMs: number): number | null {
  if ('kill' in effect) return effect.restartAfterMs === undefined ? null : awayMs;
  return 'partition' in effect ? (effect.healAfterMs ?? null) : null;
}

function reportOf(fault: Fault, index: number, firedMs: number, awayMs = 0): FaultReport {
  const lasts = lastsMs(fault, awayMs);
  const at = {
    fault: index,
    firedAt: new Date(firedMs).toISOString(),
    endedAt: lasts === null ? null : new Date(firedMs + lasts).toISOString(),
  };
  const effect = fault.do;
  if ('kill' in effect) return { ...at, effect: 'kill', booted: true, held: 5 };
  if ('partition' in effect) return { ...at, effect: 'partition', impaired: CUT };
  if ('degradeLink' in effect) return { ...at, effect: 'degradeLink', impaired: 7 };
  if ('slow' in effect) return { ...at, effect: 'slow', impaired: 7 };
  if ('corruptChunks' in effect) {
    const { count } = effect.corruptChunks;
    return { ...at, effect: 'corruptChunks', impaired: count, refused: count };
  }
  return { ...at, effect: 'byzantine', refused: ALTERED };
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
