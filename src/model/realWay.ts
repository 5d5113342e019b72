import type { Plan } from './plan.ts';
import { plannedLinks } from './plannedLinks.ts';

const BITS_PER_MBIT = 1e6;

/** The real way to a node on another host. */
export interface RealWay {
  readonly nodeId: string;
  readonly host: string;
  /** What it carries each way, in Mbit/s; undefined: that is not known. */
  readonly mbps: number | undefined;
}

export interface Narrow {
  readonly way: RealWay & { readonly mbps: number };
  /** "n0–n1" */
  readonly link: string;
  readonly plannedMbps: number;
}

/** The first link of a plan that is to carry more than the real way to one of its ends does; undefined: there is none. */
export function narrowerThanPlanned(plan: Plan, ways: readonly RealWay[]): Narrow | undefined {
  for (const { from, to, bitsPerSecond } of plannedLinks(plan)) {
    const plannedMbps = bitsPerSecond / BITS_PER_MBIT;
    if (plannedMbps === Infinity) continue;
    for (const { nodeId, host, mbps } of ways) {
      const isEnd = nodeId === from || nodeId === to;
      if (!isEnd || mbps === undefined || mbps >= plannedMbps) continue;
      return { way: { nodeId, host, mbps }, link: `${from}–${to}`, plannedMbps };
    }
  }
  return undefined;
}
