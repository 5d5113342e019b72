import { compareSamples, inconclusive } from '../../model/comparedSamples.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { LatencyDifference, LatencyDifferences } from '../../model/runComparison.ts';
import { nearestRank } from '../../model/serviceMeasures.ts';
import { obstacle } from '../comparison.ts';
import type { RecordedRun } from './recordedRun.ts';
import { both, SIDES } from './sides.ts';

/** Indices of nodes. */
type Pair = readonly [from: number, to: number];
type Side = NonNullable<LatencyDifference['a']>;

/** A run with what its signed events hold, where they are here. */
export interface MeasuredSide {
  readonly evidence: EvidenceExtension;
  readonly recorded: RecordedRun | undefined;
}

/**
 * How long it took from each node to each other in both: by the packets in the signed events where both are here, else by what
 * was sealed. Whether they differ says the test over all packets, as for indicators, and nothing where their conditions differ.
 */
export function latencyDifferences(a: MeasuredSide, b: MeasuredSide): LatencyDifferences {
  const why = obstacle(comparedRun(b), comparedRun(a), SIDES);
  const nodes = Math.max(a.evidence.plan.params.nodes, b.evidence.plan.params.nodes);
  const from = a.recorded?.hasPackets && b.recorded?.hasPackets ? 'packets' : 'evidence';
  const ways = pairsOf(nodes).flatMap((pair): LatencyDifference[] => {
    const [ofA, ofB] = [sideOf(a, pair, from), sideOf(b, pair, from)];
    if (ofA === undefined && ofB === undefined) return [];
    const way = { from: nodeIdOf(pair[0]), to: nodeIdOf(pair[1]), ...both(ofA, ofB) };
    if (ofA?.link === undefined || ofB?.link === undefined) return [way];
    const name = `${way.from} → ${way.to}`;
    const link = { name, metric: 'latency-ms', comparator: '<=' } as const;
    const comparison =
      why === undefined
        ? compareSamples(link, packetsOf(b, pair), packetsOf(a, pair), SIDES.baseline)
        : inconclusive(link, why);
    return [{ ...way, comparison }];
  });
  return { from, ways };
}

function comparedRun({ evidence, recorded }: MeasuredSide) {
  return { evidence, samples: recorded?.samples };
}

function pairsOf(nodes: number): Pair[] {
  const all = Array.from({ length: nodes }, (_, at) => at);
  return all.flatMap((from) => all.filter((to) => to !== from).map((to): Pair => [from, to]));
}

function packetsOf({ recorded }: MeasuredSide, [from, to]: Pair): readonly number[] {
  return recorded?.packets(from, to) ?? [];
}

/** Undefined: this run has no such way, or nothing came over it. */
function sideOf(side: MeasuredSide, pair: Pair, by: LatencyDifferences['from']): Side | undefined {
  const { result, network, plan } = side.evidence;
  if (Math.max(...pair) >= plan.params.nodes) return undefined;
  const [from, to] = pair;
  const ms = result.latencyMatrix[from]?.[to] ?? -1;
  const sealed = network.links.find(
    (one) => one.from === nodeIdOf(from) && one.to === nodeIdOf(to),
  );
  const achieved = by === 'packets' ? quantilesOf(packetsOf(side, pair)) : sealed?.achievedMs;
  if (ms < 0 && !achieved) return undefined;
  return {
    ...(ms < 0 ? {} : { wayMs: ms }),
    ...(achieved ? { link: { ...achieved, delivered: sealed?.delivered ?? 0 } } : {}),
  };
}

function quantilesOf(packets: readonly number[]) {
  if (packets.length === 0) return undefined;
  const at = (share: number) => rounded(nearestRank(packets, share));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** As quantiles are sealed: ms with 3 decimals. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
