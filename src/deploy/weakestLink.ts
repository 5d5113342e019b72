import type { Plan } from '../model/plan.ts';
import type { Delay, Loss } from '../model/topology.ts';

export interface WeakestLink {
  /** The shortest one-way delay any link of the run could draw, ms. */
  readonly latencyMs: number;
  /** The mean loss of the best link, percent. */
  readonly lossPercent: number;
}

function shortest(delay: Delay): number {
  switch (delay.kind) {
    case 'uniform':
      return delay.minMs;
    case 'constant':
      return delay.ms;
    case 'log-normal':
      return delay.shiftMs;
    case 'quantiles':
      return Math.min(...delay.ms);
  }
}

/** In percent; for Gilbert–Elliott as docs/network.md has it. */
function mean(loss: Loss): number {
  if (loss.kind === 'bernoulli') return loss.p * 100;
  const { p, r, lossGood, lossBad } = loss;
  const bad = p + r === 0 ? 0 : p / (p + r);
  return (bad * lossBad + (1 - bad) * lossGood) * 100;
}

/** How hard the network of a plan was at its easiest: a topology may override the sliders link by link. */
export function weakestLink({ params, topology }: Plan): WeakestLink {
  const plain = { latencyMs: params.latencyMs[0], lossPercent: params.packetLoss };
  if (topology.kind === 'regions') {
    const fastest = Math.min(...topology.rttMs.flat()) / 2;
    return { ...plain, latencyMs: fastest };
  }
  if (topology.kind !== 'custom') return plain;
  const latencies = topology.links.map(({ delay }) =>
    delay === undefined ? plain.latencyMs : shortest(delay),
  );
  const losses = topology.links.map(({ loss }) =>
    loss === undefined ? plain.lossPercent : mean(loss),
  );
  return { latencyMs: Math.min(...latencies), lossPercent: Math.min(...losses) };
}
