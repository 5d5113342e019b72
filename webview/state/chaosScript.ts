import type { Fault, FaultEffect, Trigger } from '../../src/model/plan.ts';

/** One line of a schedule: a condition, and what happens then. */
export interface ScriptLine {
  readonly when: string;
  readonly what: string;
}

/** A chaos schedule as lines a person reads: a fault that is mended has a second line for that. */
export function chaosScript(faults: readonly Fault[]): ScriptLine[] {
  return faults.flatMap(({ when, do: effect }) => [
    { when: conditionOf(when), what: effectOf(effect) },
    ...mendingOf(effect),
  ]);
}

function conditionOf(when: Trigger): string {
  if ('atMs' in when) return when.atMs === 0 ? 'from the start' : `at ${when.atMs} ms`;
  if ('afterFault' in when) return `${when.delayMs} ms after fault ${when.afterFault}`;
  return `when ${when.node}.${when.phase} ≥ ${Math.round(when.progress * 100)} %`;
}

function effectOf(effect: FaultEffect): string {
  if ('kill' in effect) return `kill ${effect.kill}`;
  if ('partition' in effect) {
    const { from, to, oneWay } = effect.partition;
    return `cut ${from.join(' ')} ${oneWay ? '→' : '↔'} ${to.join(' ')}`;
  }
  if ('degradeLink' in effect) return `worsen ${effect.degradeLink.from}→${effect.degradeLink.to}`;
  if ('slow' in effect) return `slow ${effect.slow} by ${effect.factor}`;
  if ('corruptChunks' in effect) {
    return `damage ${effect.corruptChunks.count} chunks to ${effect.corruptChunks.to}`;
  }
  return `${effect.byzantine} relays altered content`;
}

function mendingOf(effect: FaultEffect): ScriptLine[] {
  if ('kill' in effect && effect.restartAfterMs !== undefined) {
    return [{ when: `after ${effect.restartAfterMs} ms`, what: `restart ${effect.kill}` }];
  }
  if ('partition' in effect && effect.healAfterMs !== undefined) {
    return [{ when: `after ${effect.healAfterMs} ms`, what: 'heal' }];
  }
  return [];
}
