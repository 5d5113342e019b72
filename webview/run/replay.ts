import type { MeshEvent } from '../../src/model/events.ts';

/** How long before the first trouble a replay opens, so that it is seen coming. */
const LEAD_MS = 300;

/** What went wrong in a run that failed, or what was done to one that passed. */
function isTrouble(event: MeshEvent, hasFailed: boolean): boolean {
  if (event.type === 'fault') return !hasFailed && event.status === 'fired';
  if (!hasFailed) return false;
  if (event.type === 'hop') return event.status === 'invalid';
  if (event.type === 'node') return event.status === 'halted' || event.status === 'failed';
  return event.type === 'invariant' && event.status === 'failed';
}

/** Where a replay opens, ms since the run began: shortly before the first cause; the beginning where there is none. */
export function openingOf(events: readonly MeshEvent[], outcome: 'pass' | 'fail'): number {
  const first = events.find((event) => isTrouble(event, outcome === 'fail'));
  return first === undefined ? 0 : Math.max(0, first.at - LEAD_MS);
}

export interface ReplayMoment {
  readonly at: number;
  readonly kind: 'healthy' | 'trouble';
}

/** Moments to mark on the time line of a replay, in order, until the rollout ends: what nodes do while they are stopped is none. */
export function momentsOf(events: readonly MeshEvent[]): ReplayMoment[] {
  const end = events.findIndex((event) => event.type === 'run' && event.status !== 'started');
  return events.slice(0, end < 0 ? undefined : end).flatMap((event): ReplayMoment[] => {
    if (event.type === 'phase' && event.phase === 'healthy' && event.status === 'ok') {
      return [{ at: event.at, kind: 'healthy' }];
    }
    const isTroubled =
      event.type === 'node' && ['crashed', 'halted', 'failed'].includes(event.status);
    return isTroubled ? [{ at: event.at, kind: 'trouble' }] : [];
  });
}
