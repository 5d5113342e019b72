import type { Delay, Loss } from './topology.ts';

/** The expected delay in ms; what the lower bound and shortest paths count with. */
export function meanDelay(delay: Delay): number {
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
  }
}

/** The shortest delay a link may draw, ms. */
export function shortestDelay(delay: Delay): number {
  switch (delay.kind) {
    case 'constant':
      return delay.ms;
    case 'uniform':
      return Math.min(delay.minMs, delay.maxMs);
    case 'log-normal':
      return delay.shiftMs;
    case 'quantiles':
      return Math.min(...delay.ms);
  }
}

/** Mean share of packets lost, 0–1; of Gilbert–Elliott loss as docs/network.md has it. */
export function meanLoss(loss: Loss): number {
  if (loss.kind === 'bernoulli') return loss.p;
  const bad = loss.p + loss.r === 0 ? 0 : loss.p / (loss.p + loss.r);
  return bad * loss.lossBad + (1 - bad) * loss.lossGood;
}
