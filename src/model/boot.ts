import type { Params } from './plan.ts';

/** What the form of the next run starts with. */
export interface RunDefaults {
  readonly params: Pick<Params, 'nodes' | 'latencyMs' | 'packetLoss'>;
  readonly deadlineMs: number;
}

/** What a page is told in its HTML: the door it reaches the API by, and what to show first. Holds no secret. */
export interface Boot {
  readonly door: 'http' | 'editor';
  readonly view?: 'run' | 'evidence' | 'trust';
  readonly simId?: string;
  /** True: shows the evidence file the editor has open, and nothing else. */
  readonly document?: boolean;
  /** Left out: those of a plan. */
  readonly defaults?: RunDefaults;
}
