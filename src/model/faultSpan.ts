import { byKind, type ByKind } from './faultKinds.ts';
import type { FaultEffect } from './faultSchemas.ts';

/** How long a fault lasts once it has fired. */
export interface FaultSpan {
  /** ms until it is ended; Infinity: it lasts; undefined: it is over as soon as it has fired, whatever it leaves behind. */
  readonly endsAfterMs: number | undefined;
  /** Ended, it is over only when its node is healthy again. */
  readonly isOverWhenHealthy: boolean;
  /** When it ended is told by whoever undid it, a little later than it was due; or never, if it was not applied. */
  readonly endIsTold: boolean;
}

const AT_ONCE: FaultSpan = {
  endsAfterMs: undefined,
  isOverWhenHealthy: false,
  endIsTold: false,
};

function lasting(endsAfterMs = Infinity): FaultSpan {
  return { ...AT_ONCE, endsAfterMs };
}

function told(span: FaultSpan): FaultSpan {
  return { ...span, endIsTold: true };
}

const SPANS: ByKind<FaultSpan> = {
  kill: ({ restartAfterMs }) => ({ ...lasting(restartAfterMs), isOverWhenHealthy: true }),
  partition: ({ healAfterMs }) => lasting(healAfterMs),
  degradeLink: () => AT_ONCE,
  slow: () => AT_ONCE,
  corruptChunks: () => AT_ONCE,
  byzantine: () => AT_ONCE,
  pause: ({ forMs }) => told(lasting(forMs)),
  // Only its node can tell when the service is back: nothing waits for that.
  killService: () => told(AT_ONCE),
  refuse: ({ forMs }) => told(lasting(forMs)),
  dns: ({ forMs }) => told(lasting(forMs)),
  fillDisk: ({ forMs }) => told(lasting(forMs)),
};

export function spanOf(effect: FaultEffect): FaultSpan {
  return byKind(SPANS, effect);
}

/** The least ms from when it fires until it is over; Infinity: it never is. */
export function leastSpanMs(effect: FaultEffect): number {
  const { endsAfterMs = 0, isOverWhenHealthy } = spanOf(effect);
  // Another fault may have the node started again.
  return isOverWhenHealthy && endsAfterMs === Infinity ? 0 : endsAfterMs;
}
