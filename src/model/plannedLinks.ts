import { scheduleOf } from './chaosPresets.ts';
import { linkLayout } from './linkLayout.ts';
import { meanLoss, shortestDelay } from './linkMeasures.ts';
import { nodeIdOf } from './nodeIds.ts';
import type { Fault, Plan } from './plan.ts';
import { changedSpec, type LinkSpec, type WayDelay, type WayLoss } from './linkSpec.ts';

/** One directed link of a plan, with all that may hold on it at some time of the run. */
export interface PlannedLink {
  readonly from: string;
  readonly to: string;
  readonly losses: readonly WayLoss[];
  readonly delays: readonly WayDelay[];
  /** The least its delays are multiplied by at any time: slow nodes at its ends. */
  readonly factor: number;
  /** The most that it lets through at any time; Infinity: all that is sent. */
  readonly bitsPerSecond: number;
}

/**
 * The links of a plan with its chaos applied, of a mesh whose pairs are worth listing. What a fault sets at 0 ms holds from the
 * first packet on, in place of what the topology says; any other may fire at any time, so both hold, before and after.
 */
export function plannedLinks(plan: Plan): PlannedLink[] {
  const { nodes } = plan.params;
  const layout = linkLayout(plan);
  const { bandwidth } = plan;
  const uplink = bandwidth?.model === 'uplink' ? bandwidth.mbps * 1e6 : Infinity;
  const written = scheduleOf(plan.chaos, nodes);
  // In the order in which they fire, as far as that is known: what holds from the start is not the last word.
  const schedule = [...written.filter(isFromStart), ...written.filter((one) => !isFromStart(one))];
  return Array.from({ length: nodes * nodes }, (_, link) => link).flatMap((link): PlannedLink[] => {
    const [a, b] = [Math.floor(link / nodes), link % nodes];
    const spec = layout.specs[layout.specOf(a, b)];
    if (spec === undefined) return [];
    const [from, to] = [nodeIdOf(a), nodeIdOf(b)];
    const losses = [spec.loss];
    const delays = [spec.delay];
    const rates = [spec.rateBitsPerSecond ?? uplink];
    for (const fault of schedule) {
      const { do: effect } = fault;
      if (!('degradeLink' in effect)) continue;
      const { from: source, to: target, loss, delay, rateBitsPerSecond } = effect.degradeLink;
      if (source !== from || target !== to) continue;
      const changed = changedSpec(spec, { loss, delay });
      hold(losses, loss && changed.loss, fault);
      hold(delays, delay && changed.delay, fault);
      hold(rates, rateBitsPerSecond, fault);
    }
    const factor = leastFactor(schedule, [from, to]);
    const bitsPerSecond = Math.min(Math.max(...rates), lastMileRate(spec));
    return [{ from, to, losses, delays, factor, bitsPerSecond }];
  });
}

function lastMileRate({ lastMiles }: LinkSpec): number {
  const { from, to } = lastMiles ?? {};
  return Math.min(from?.upBitsPerSecond ?? Infinity, to?.downBitsPerSecond ?? Infinity);
}

function isFromStart({ when }: Fault): boolean {
  return 'atMs' in when && when.atMs === 0;
}

function hold<T>(values: T[], value: T | undefined, fault: Fault): void {
  if (value === undefined) return;
  if (isFromStart(fault)) values.length = 0;
  values.push(value);
}

function leastFactor(schedule: readonly Fault[], ends: readonly string[]): number {
  return ends.reduce((product, node) => {
    const factors = [1];
    for (const fault of schedule) {
      const { do: effect } = fault;
      if ('slow' in effect && effect.slow === node) hold(factors, effect.factor, fault);
    }
    return product * Math.min(...factors);
  }, 1);
}

export interface WeakestLink {
  /** The shortest one-way delay any link of the run could draw, ms. */
  readonly latencyMs: number;
  /** The mean loss of the best link, percent. */
  readonly lossPercent: number;
}

/** How hard the network of a plan is at its easiest, at any time of the run and on any link. */
export function weakestLink(plan: Plan): WeakestLink {
  const links = plannedLinks(plan);
  const latencies = links.flatMap(({ delays, factor }) =>
    delays.map((delay) => shortestDelay(delay) * factor),
  );
  const percent = (share: number) => Math.round(share * 1e12) / 1e10;
  return {
    latencyMs: Math.min(...latencies),
    lossPercent: percent(Math.min(...meanLosses(links))),
  };
}

/** The mean losses that links have at any time of the run, "1 %" or "1 to 2.98 %". */
export function plannedLossWords(plan: Plan): string {
  const losses = meanLosses(plannedLinks(plan));
  const percent = (share: number) => Math.round(share * 1e4) / 100;
  const [least, most] = [percent(Math.min(...losses)), percent(Math.max(...losses))];
  return least === most ? `${least} %` : `${least} to ${most} %`;
}

function meanLosses(links: readonly PlannedLink[]): number[] {
  return links.flatMap(({ losses }) => losses.map(meanLoss));
}
