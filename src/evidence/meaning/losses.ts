import { judgedLinks, type JudgedLink } from './network.ts';
import type { Rule } from './rule.ts';

export const lossesHaveACause: Rule = function* (claims) {
  for (const { name, report, variants } of judgedLinks(claims)) {
    if (report.dropped > 0 && !variants.mayLose) {
      yield `The link ${name} lost ${report.dropped} packets, but the plan lets it lose none.`;
    }
    if (report.delivered > 0 && variants.isDead) {
      yield `The link ${name} delivered ${report.delivered} packets, but the plan lets nothing through.`;
    }
  }
};

/** e^-30 is 10^-13: what is less likely than that, on a link that is what its plan says, did not happen. */
const IMPOSSIBLE_NATS = 30;

/** Kullback-Leibler divergence of two coins, in nats. */
function divergence(share: number, p: number): number {
  const term = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return term(share, p) + term(1 - share, 1 - p);
}

/**
 * Whether a coin that falls with probability `p` cannot have fallen `hits` of `tries` times, or further from what is expected:
 * the probability is e^(-n D) at most (Chernoff's bound, Hoeffding 1963, theorem 1).
 */
export function isImpossible(hits: number, tries: number, p: number): boolean {
  return tries > 0 && tries * divergence(hits / tries, p) > IMPOSSIBLE_NATS;
}

/** Packets that met a link's loss, at least, and those it took. */
function drawn({ report, variants }: JudgedLink): { tries: number; lost: number; most: number } {
  const { sent, dropped, unreachable } = report;
  if ('lost' in report) {
    const { lost } = report;
    const tries = Math.max(0, sent - unreachable - Math.max(0, dropped - lost));
    return { tries, lost, most: variants.mostLost };
  }
  // v1 does not tell them apart: only where nothing else drops packets can they be too many.
  const most = variants.onlyLoses ? variants.mostLoss : 1;
  return { tries: Math.max(0, sent - unreachable), lost: dropped, most };
}

/**
 * The number of lost packets is one that the plan's loss can lead to. In bursts, too, each packet is lost with a probability
 * between that of the good state and that of the bad one. What vanished for another reason may not have been drawn for.
 */
export const lossesAreThePlans: Rule = function* (claims) {
  for (const link of judgedLinks(claims)) {
    const { sent } = link.report;
    const { tries, lost, most } = drawn(link);
    const { leastLoss } = link.variants;
    const tooFew = lost < leastLoss * tries && isImpossible(lost, tries, leastLoss);
    const tooMany = lost > most * sent && lost <= sent && isImpossible(lost, sent, most);
    if (tooFew || tooMany) {
      yield `The link ${link.name} lost ${lost} of ${sent} packets, which the plan's loss cannot lead to.`;
    }
  }
};

/** v2 tells what a link lost from what it damaged or had no room for. */
export const lostPacketsWereDropped: Rule = function* (claims) {
  for (const { name, report, variants } of judgedLinks(claims)) {
    if (!('lost' in report)) continue;
    const { lost, dropped } = report;
    if (lost > dropped)
      yield `The link ${name} lost ${lost} packets, of ${dropped} that it dropped.`;
    if (lost < dropped && variants.onlyLoses) {
      yield `The link ${name} lost ${lost} of the ${dropped} packets that it dropped, but nothing else drops any there.`;
    }
  }
};

/** Where only faults damage chunks, no more are dropped for it than the schedule says; each may have a double. */
export const damagedChunksAreTheSchedules: Rule = function* (claims) {
  const links = judgedLinks(claims);
  for (const { nodeId } of claims.nodes) {
    const into = links.filter(({ report }) => report.to === nodeId);
    if (into.some(({ variants }) => variants.mayDropOthers)) continue;
    const damaged = into.reduce(
      (sum, { report }) => ('lost' in report ? sum + report.dropped - report.lost : sum),
      0,
    );
    const most = (claims.planned?.schedule ?? []).reduce(
      (sum, { do: effect }) =>
        'corruptChunks' in effect && effect.corruptChunks.to === nodeId
          ? sum + effect.corruptChunks.count
          : sum,
      0,
    );
    const doubled = into.some(({ variants }) => variants.mayDouble) ? 2 : 1;
    if (damaged > most * doubled) {
      yield `${damaged} chunks to ${nodeId} were dropped as damaged; the plan damages ${most}.`;
    }
  }
};
