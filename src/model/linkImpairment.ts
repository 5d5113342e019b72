import { lossOverWay, meanDelay, meanLoss, shortestDelay } from './linkMeasures.ts';
import type { LinkSpec, WayDelay, WayLoss } from './linkSpec.ts';
import type { Loss } from './topology.ts';

/** The longest delay a link may draw, ms; Infinity where there is no longest. */
function longestDelay(delay: WayDelay): number {
  switch (delay.kind) {
    case 'constant':
      return delay.ms;
    case 'uniform':
      return Math.max(delay.minMs, delay.maxMs);
    case 'log-normal':
      return delay.medianMs > 0 && delay.sigma > 0 ? Infinity : delay.shiftMs + delay.medianMs;
    case 'quantiles':
      return Math.max(...delay.ms);
    case 'sum':
      return delay.parts.reduce((total, part) => total + longestDelay(part), 0);
  }
}

/** The share of packets lost in the worst state the chain can be in. */
export function worstLoss(loss: WayLoss): number {
  return lossOverWay(loss, worstLossOf);
}

function worstLossOf(loss: Loss): number {
  if (loss.kind === 'bernoulli') return loss.p;
  const isEverBad = loss.p > 0;
  const isEverGood = loss.r > 0 || !isEverBad;
  return Math.max(isEverBad ? loss.lossBad : 0, isEverGood ? loss.lossGood : 0);
}

/** Mean delays and losses are sums: what only rounding tells apart is alike. */
function isMore(left: number, right: number): boolean {
  return left > right && !(left - right < 1e-9);
}

const isUp = ({ state = 'up' }: LinkSpec): boolean => state === 'up';

/**
 * Whether a link serves some packet worse than another one does: longer delay, more or burstier loss, a lower rate, a smaller
 * queue, doubles, damage, or that it is down.
 */
export function isImpaired(link: LinkSpec, before: LinkSpec): boolean {
  if (!isUp(before)) return false;
  const rate = link.rateBitsPerSecond ?? Infinity;
  const hasQueue = rate < Infinity;
  return (
    !isUp(link) ||
    isMore(meanDelay(link.delay), meanDelay(before.delay)) ||
    isMore(longestDelay(link.delay), longestDelay(before.delay)) ||
    isMore(shortestDelay(link.delay), shortestDelay(before.delay)) ||
    isMore(meanLoss(link.loss), meanLoss(before.loss)) ||
    isMore(worstLoss(link.loss), worstLoss(before.loss)) ||
    rate < (before.rateBitsPerSecond ?? Infinity) ||
    (hasQueue && (link.queueBytes ?? Infinity) < (before.queueBytes ?? Infinity)) ||
    (link.duplicate ?? 0) > (before.duplicate ?? 0) ||
    (link.corrupt ?? 0) > (before.corrupt ?? 0)
  );
}
