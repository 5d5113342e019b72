import type { MeshEventBody } from '../model/events.ts';
import type { Invariant, Observed } from '../model/invariants.ts';

const STATUS: Record<Observed, 'passed' | 'failed' | 'not-observed'> = {
  held: 'passed',
  violated: 'failed',
  'not-observed': 'not-observed',
};

/** How the event stream says what was observed of an invariant. */
export function invariantEvent({ name, observed, details }: Invariant): MeshEventBody {
  return { type: 'invariant', name, status: STATUS[observed], details };
}
