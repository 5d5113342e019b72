import { judgedLinks } from './network.ts';
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
function isImpossible(hits: number, tries: number, p: number): boolean {
  return tries > 0 && tries * divergence(hits / tries, p) > IMPOSSIBLE_NATS;
}

/**
 * The number of packets that died is one that the plan's loss can lead to. In bursts, too, each packet is lost with a probability
 * between that of the good state and that of the bad one. What vanished for another reason may not have been drawn for.
 */
export const lossesAreThePlans: Rule = function* (claims) {
  for (const { name, report, variants } of judgedLinks(claims)) {
    const { sent, dropped, unreachable } = report;
    const { leastLoss, mostLoss, onlyLoses } = variants;
    const drawn = Math.max(0, sent - unreachable);
    const tooFew = dropped < leastLoss * drawn && isImpossible(dropped, drawn, leastLoss);
    const tooMany =
      onlyLoses &&
      dropped > mostLoss * sent &&
      dropped <= sent &&
      isImpossible(dropped, sent, mostLoss);
    if (tooFew || tooMany) {
      yield `The link ${name} lost ${dropped} of ${sent} packets, which the plan's loss cannot lead to.`;
    }
  }
};

/** v2 tells what a link lost from what it damaged or had no room for. */
export const lostPacketsWereDropped: Rule = function* (claims) {
  for (const { name, report } of judgedLinks(claims)) {
    if ('lost' in report && report.lost > report.dropped) {
      yield `The link ${name} lost ${report.lost} packets, of ${report.dropped} that it dropped.`;
    }
  }
};
