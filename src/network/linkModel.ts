import type { LinkSpec } from '../model/topology.ts';
import type { Fate } from './fate.ts';

/** The decisions of all links that share one specification. */
export class LinkModel {
  readonly spec: LinkSpec;
  readonly seed: number;

  constructor(spec: LinkSpec, seed: number) {
    this.spec = spec;
    this.seed = seed;
  }

  /** Fills in outcome, delayMs, duplicateAt (as a delay) and damage of packet `number`: a pure function of its arguments. */
  decide(link: number, flow: number, number: number, fate: Fate): void {
    void [link, flow, number, fate];
    throw new Error('pending');
  }
}
