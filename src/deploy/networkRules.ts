import { measuredLoss } from '../evidence/measuredLoss.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import { weakestLink } from '../model/plannedLinks.ts';
import { fails, type Finding, holds, must } from './finding.ts';

/** Quantiles come from a histogram whose error is below this share of the value. */
const QUANTILE_ERROR = 0.01;

/** The plan's loss with its chaos applied, and the packets that were seen to be lost. `percent` is the policy's. */
export function enoughLoss(evidence: EvidenceExtension, percent: number): Finding {
  const { lossPercent } = weakestLink(evidence.plan);
  const planned = reads(lossPercent);
  if (lossPercent < percent) {
    return fails(
      `By its plan, with its chaos, its best link lost ${planned} % of packets at some time; at least ${percent} % are required.`,
    );
  }
  if (percent === 0) return holds(`${planned} % packet loss; none is required.`);
  const finding = measuredLoss(evidence, percent / 100);
  const { lost, packets } = finding;
  const seen = `${lost} of ${packets} packets were lost`;
  switch (finding.verdict) {
    case 'enough':
      return holds(`${planned} % packet loss, and ${seen}.`);
    case 'too-few-lost': {
      const where = finding.link === undefined ? '' : ` on the link from ${finding.link}`;
      return fails(
        `Its plan says ${planned} % packet loss, but ${seen}${where}: links that lose ${percent} %, as is required, do not lose so few.`,
      );
    }
    case 'cannot-tell':
      return fails(
        `${seen}, too few to tell whether its links lose ${percent} %, as is required: ${finding.needed} packets would suffice. Rehearse with more nodes, or with the plan this gate proposes.`,
      );
  }
}

/** The plan's shortest delay with its chaos applied, and what every link that carried packets achieved. */
export function enoughLatency({ plan, network }: EvidenceExtension, minMs: number): Finding {
  const { latencyMs } = weakestLink(plan);
  if (latencyMs < minMs) {
    return fails(
      `By its plan, with its chaos, its fastest link took ${reads(latencyMs)} ms at some time; at least ${minMs} ms are required.`,
    );
  }
  if (minMs === 0) return holds(`${reads(latencyMs)} ms or more on every link; none is required.`);
  const carried = network.links.flatMap(({ from, to, achievedMs }) =>
    achievedMs === null ? [] : [{ from, to, p50: achievedMs.p50 }],
  );
  const fast = carried.find(({ p50 }) => p50 < minMs * (1 - QUANTILE_ERROR));
  if (fast !== undefined) {
    return fails(
      `The link from ${fast.from} to ${fast.to} took ${reads(fast.p50)} ms for half of its packets; at least ${minMs} ms are required.`,
    );
  }
  return must(
    carried.length > 0,
    `${reads(latencyMs)} ms or more on every link, and so long did packets take.`,
    `No packet arrived on any link: nothing shows the ${minMs} ms that are required.`,
  );
}

/** Of sums and products, without their rounding noise. */
function reads(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
