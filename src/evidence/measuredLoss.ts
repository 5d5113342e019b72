import type { EvidenceExtension, StatedLink } from '../model/evidence.ts';
import { meanLoss } from '../model/linkMeasures.ts';
import { LOSS_SIGNIFICANCE, packetsToTell } from '../model/lossSample.ts';
import { plannedLinks } from '../model/plannedLinks.ts';
import { lossParts, type WayLoss } from '../model/linkSpec.ts';
import type { Loss } from '../model/topology.ts';
import { atLeast, atMost } from './binomial.ts';
import { scheduleOf } from '../model/chaosPresets.ts';

/** What the packets of a run say of the loss of its links. Percent. */
export type LossFinding =
  | { readonly verdict: 'enough'; readonly lost: number; readonly packets: number }
  | {
      readonly verdict: 'too-few-lost';
      readonly lost: number;
      readonly packets: number;
      readonly link?: string;
    }
  | {
      readonly verdict: 'cannot-tell';
      readonly lost: number;
      readonly packets: number;
      readonly needed: number;
    };

/** Packets that met a link's loss, and those it took. */
interface Sample {
  readonly packets: number;
  readonly lost: number;
}

/**
 * Whether the observed losses are consistent with links that lose at least `share` (0–1) of their packets. Refused is what the
 * data contradicts: fewer losses than these would have a chance below LOSS_SIGNIFICANCE (the exact binomial test, the upper
 * bound of Clopper and Pearson), over all links, or on one of them with the significance divided by their number. A sample in
 * which even no loss at all would not be that rare cannot tell, unless it shows more than `share` with the same confidence.
 */
export function measuredLoss(evidence: EvidenceExtension, share: number): LossFinding {
  const weights = independence(evidence.plan);
  const samples = evidence.network.links.map((link) => {
    const name = `${link.from} to ${link.to}`;
    const sample = sampleOf(link, evidence);
    return { name, sample, weighed: times(sample, weights.get(name) ?? 1) };
  });
  const all = sumOf(samples.map(({ sample }) => sample));
  const weighed = sumOf(samples.map((link) => link.weighed));
  const chanceOf = ({ lost, packets }: Sample) => atMost(lost, packets, share);
  if (chanceOf(weighed) < LOSS_SIGNIFICANCE) return { verdict: 'too-few-lost', ...all };
  const perLink = LOSS_SIGNIFICANCE / Math.max(1, samples.length);
  const clean = samples.find((link) => chanceOf(link.weighed) < perLink);
  if (clean !== undefined) return { verdict: 'too-few-lost', ...clean.sample, link: clean.name };
  const needed = packetsToTell(share);
  const isShown = atLeast(weighed.lost, weighed.packets, share) < LOSS_SIGNIFICANCE;
  if (weighed.packets >= needed || isShown) return { verdict: 'enough', ...all };
  const bursts = weighed.packets > 0 ? all.packets / weighed.packets : 1;
  return { verdict: 'cannot-tell', ...all, needed: Math.ceil(needed * bursts) };
}

function sumOf(samples: readonly Sample[]): Sample {
  const sum = (of: (sample: Sample) => number) =>
    samples.reduce((total, one) => total + of(one), 0);
  return { packets: sum(({ packets }) => packets), lost: sum(({ lost }) => lost) };
}

function times({ packets, lost }: Sample, weight: number): Sample {
  return { packets: packets * weight, lost: lost * weight };
}

/** Why a link drops packets that it did not lose. */
interface Drops {
  readonly corrupt?: number | undefined;
  readonly queueBytes?: number | undefined;
}

/** What a partition cut off or a full queue refused never met the link's loss. */
function sampleOf(link: StatedLink, { plan }: EvidenceExtension): Sample {
  const { sent, dropped, unreachable } = link;
  if ('lost' in link) {
    return {
      packets: Math.max(link.lost, sent - unreachable - (dropped - link.lost)),
      lost: link.lost,
    };
  }
  // Schema v1 does not tell them apart: at worst, all chunks that chaos was to damage are among those dropped.
  const schedule = scheduleOf(plan.chaos, plan.params.nodes);
  const dropsOthers = ({ corrupt = 0, queueBytes }: Drops) =>
    corrupt > 0 || queueBytes !== undefined;
  const isMixed =
    (plan.topology.kind === 'custom' && plan.topology.links.some(dropsOthers)) ||
    schedule.some(({ do: effect }) => 'degradeLink' in effect && dropsOthers(effect.degradeLink));
  if (isMixed) return { packets: 0, lost: 0 };
  const damaged = schedule.reduce(
    (sum, { do: effect }) =>
      'corruptChunks' in effect && effect.corruptChunks.to === link.to
        ? sum + effect.corruptChunks.count
        : sum,
    0,
  );
  const lost = Math.max(0, dropped - damaged);
  return { packets: Math.max(lost, sent - unreachable), lost };
}

/**
 * By link, for how much of an independent packet each of its packets counts: losses that come in bursts tell less. The inverse of
 * 1 + 2·Σρ of the loss indicator.
 */
function independence(plan: EvidenceExtension['plan']): Map<string, number> {
  return new Map(
    plannedLinks(plan).map(({ from, to, losses }) => [
      `${from} to ${to}`,
      1 / Math.max(1, ...losses.map(burstiness)),
    ]),
  );
}

/**
 * 1 + 2·Σρ of a way whose parts lose independently. A part that lets packets through with mean s has the covariance C·λ^k at lag k:
 * of a Gilbert–Elliott chain C = π(1 − π)(lossBad − lossGood)² and λ = 1 − p − r. Of all parts together it is Π(Cᵢλᵢ^k + sᵢ²) − Πsᵢ²,
 * a sum over the sets of parts that vary together, each a geometric series.
 */
function burstiness(loss: WayLoss): number {
  const mean = meanLoss(loss);
  if (mean === 0 || mean === 1) return 1;
  let sets = [{ factor: 1, decay: 1, varies: false }];
  for (const part of lossParts(loss)) {
    const { covariance, decay, passes } = variation(part);
    sets = sets.flatMap((set) => [
      { ...set, factor: set.factor * passes ** 2 },
      { factor: set.factor * covariance, decay: set.decay * decay, varies: true },
    ]);
  }
  const sum = sets.reduce(
    (total, { factor, decay, varies }) =>
      varies && factor !== 0 ? total + (factor * decay) / (1 - decay) : total,
    0,
  );
  return 1 + (2 * sum) / (mean * (1 - mean));
}

function variation(loss: Loss): { covariance: number; decay: number; passes: number } {
  const passes = 1 - meanLoss(loss);
  if (loss.kind === 'bernoulli' || loss.p === 0 || loss.r === 0) {
    return { covariance: 0, decay: 0, passes };
  }
  const { p, r, lossGood, lossBad } = loss;
  const bad = p / (p + r);
  return { covariance: bad * (1 - bad) * (lossBad - lossGood) ** 2, decay: 1 - p - r, passes };
}
