import { lossParts, type WayDelay, type WayLoss } from './linkSpec.ts';
import type { Loss } from './topology.ts';

/** The expected delay in ms; what the lower bound and shortest paths count with. */
export function meanDelay(delay: WayDelay): number {
  switch (delay.kind) {
    case 'constant':
      return delay.ms;
    case 'uniform':
      return (delay.minMs + delay.maxMs) / 2;
    case 'log-normal':
      return delay.shiftMs + delay.medianMs * Math.exp(delay.sigma ** 2 / 2);
    case 'quantiles': {
      const ends = ((delay.ms[0] ?? 0) + (delay.ms.at(-1) ?? 0)) / 2;
      const sum = delay.ms.reduce((total, value) => total + value, 0);
      return (sum - ends) / (delay.ms.length - 1);
    }
    case 'sum':
      return delay.parts.reduce((total, part) => total + meanDelay(part), 0);
  }
}

/** The shortest delay a link may draw, ms. */
export function shortestDelay(delay: WayDelay): number {
  switch (delay.kind) {
    case 'constant':
      return delay.ms;
    case 'uniform':
      return Math.min(delay.minMs, delay.maxMs);
    case 'log-normal':
      return delay.shiftMs;
    case 'quantiles':
      return Math.min(...delay.ms);
    case 'sum':
      return delay.parts.reduce((total, part) => total + shortestDelay(part), 0);
  }
}

/** Mean share of packets lost, 0–1; of Gilbert–Elliott loss as docs/network.md has it. */
export function meanLoss(loss: WayLoss): number {
  return lossOverWay(loss, meanLossOf);
}

/** The share that a whole way loses, where each part of it loses as much as `shareOf` says, independently of the others. */
export function lossOverWay(loss: WayLoss, shareOf: (part: Loss) => number): number {
  const [only, ...others] = lossParts(loss);
  if (only !== undefined && others.length === 0) return shareOf(only);
  return 1 - lossParts(loss).reduce((arrives, part) => arrives * (1 - shareOf(part)), 1);
}

function meanLossOf(loss: Loss): number {
  if (loss.kind === 'bernoulli') return loss.p;
  const bad = loss.p + loss.r === 0 ? 0 : loss.p / (loss.p + loss.r);
  return bad * loss.lossBad + (1 - bad) * loss.lossGood;
}
