import { MeshSimError } from '../../base/errors.ts';
import { rateWords } from '../../model/home.ts';
import type { Plan } from '../../model/plan.ts';
import { plannedLinks } from '../../model/plannedLinks.ts';
import { narrowerThanPlanned, type RealWay } from '../../model/realWay.ts';

/**
 * That no link of a plan is to carry more than the real way to the hosts of its ends does.
 * @throws MeshSimError `plan-invalid` with the numbers
 */
export function requireRates(plan: Plan, ways: readonly RealWay[]): void {
  const narrow = narrowerThanPlanned(plan, ways);
  if (narrow === undefined) return;
  const { way, link, plannedMbps } = narrow;
  throw new MeshSimError(
    'plan-invalid',
    `${way.host} carries ${rateWords(way.mbps)}; the plan gives ${link} ${rateWords(plannedMbps)}: lower its bandwidth, or choose other hosts.`,
  );
}

/** By node, that its links without a rate are held to one by their real way: a sentence. */
export function heldByWays(
  plan: Plan,
  ways: readonly RealWay[],
): { readonly nodeId: string; readonly text: string }[] {
  const unlimited = plannedLinks(plan).filter(({ bitsPerSecond }) => bitsPerSecond === Infinity);
  return ways.flatMap(({ nodeId, host, mbps }) => {
    const isOne = unlimited.some(({ from, to }) => from === nodeId || to === nodeId);
    if (!isOne || mbps === undefined) return [];
    const text = `The plan gives links of ${nodeId} no bandwidth: they carry ${rateWords(mbps)} at most, as the way to ${host} does.`;
    return [{ nodeId, text }];
  });
}
