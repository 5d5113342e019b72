import type { ExploredFacts } from '../model/explorationApi.ts';
import { orderWords, turnOf } from './coverage.ts';
import type { RunOutcome } from './runOutcome.ts';

/** What a run came to, as it is written of an exploration. */
export function factsOf({ failure, waves, faults }: RunOutcome): ExploredFacts {
  return {
    ...(failure === undefined
      ? { outcome: 'pass' }
      : { outcome: 'fail', invariant: failure.invariant }),
    ...(waves && { order: orderWords(waves), backAfterWave: turnOf(waves) ?? null }),
    faults: [...faults],
  };
}
