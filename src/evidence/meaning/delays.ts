import type { Quantiles } from '../../model/quantiles.ts';
import { SKETCH } from '../../network/quantileSketch.ts';
import { judgedLinks } from './network.ts';
import { CLOCK_STEP_MS, type Claims, type Rule } from './rule.ts';

/** What was measured of the protocol's packets, and of those of services where they were connected. */
function timingErrors({ network }: Claims['evidence']): (readonly [string, number, Quantiles])[] {
  const delivered = network.links.reduce((sum, link) => sum + link.delivered, 0);
  const services = 'services' in network ? network.services : undefined;
  return [
    ['timing error', delivered, network.timingErrorMs],
    ...(services === undefined
      ? []
      : [['timing error of services', services.delivered, services.timingErrorMs] as const]),
  ];
}

function* allQuantiles(evidence: Claims['evidence']): Iterable<readonly [string, Quantiles]> {
  const { network } = evidence;
  for (const [what, , error] of timingErrors(evidence)) yield [what, error];
  for (const { from, to, configuredMs, achievedMs } of network.links) {
    yield [`configured delay of ${from} to ${to}`, configuredMs];
    yield [`achieved delay of ${from} to ${to}`, achievedMs];
  }
}

export const quantilesAreOrdered: Rule = function* ({ evidence }) {
  for (const [what, quantiles] of allQuantiles(evidence)) {
    if (quantiles === null) continue;
    const { p50, p90, p99 } = quantiles;
    if (p50 < 0 || p50 > p90 || p90 > p99) {
      yield `The ${what} has quantiles that are negative or not in order: ${p50}, ${p90}, ${p99}.`;
    }
  }
};

/** Delays are measured of what arrived, and only of that; some that had a delay may have died on their way. */
export const delaysAreOfPackets: Rule = function* ({ evidence }) {
  const { links } = evidence.network;
  const isMeasured = (delivered: number, quantiles: Quantiles) =>
    delivered > 0 === (quantiles !== null);
  for (const { from, to, delivered, achievedMs, configuredMs } of links) {
    if (!isMeasured(delivered, achievedMs) || (delivered > 0 && configuredMs === null)) {
      yield `The link ${from} to ${to} has delays without packets that arrived, or the other way round.`;
    }
  }
  for (const [what, delivered, error] of timingErrors(evidence)) {
    if (!isMeasured(delivered, error)) {
      yield `The ${what} is measured without packets that arrived, or the other way round.`;
    }
  }
};

/** The quantiles of a sketch are within its steps, and never above what it can count. */
function within(ms: number, least: number, most: number): boolean {
  const low = Math.min(least, SKETCH.mostMs) * (1 - SKETCH.error) - SKETCH.stepMs;
  const high = Math.min(most, SKETCH.mostMs) * (1 + SKETCH.error) + SKETCH.stepMs;
  return low <= ms && ms <= high;
}

function extremes(quantiles: Quantiles): readonly number[] {
  return quantiles === null ? [] : [quantiles.p50, quantiles.p99];
}

export const configuredDelaysAreThePlans: Rule = function* (claims) {
  for (const { name, report, variants } of judgedLinks(claims)) {
    const { least, most } = variants.delay;
    if (!extremes(report.configuredMs).every((ms) => within(ms, least, most))) {
      yield `The link ${name} was configured with a delay that the plan cannot give.`;
    }
  }
};

/** A packet is never handed over before its delay is over, nor after the end of the run. */
export const achievedDelaysArePossible: Rule = function* (claims) {
  const most = claims.lastedMs + CLOCK_STEP_MS;
  for (const { name, report, variants } of judgedLinks(claims)) {
    if (!extremes(report.achievedMs).every((ms) => within(ms, variants.delay.least, most))) {
      yield `The link ${name} achieved a delay that is shorter than the plan can give, or longer than the run.`;
    }
  }
};

/** In virtual time nothing is ever late. */
export const timingErrorIsPossible: Rule = function* ({ evidence, plan, lastedMs }) {
  for (const [what, , error] of timingErrors(evidence)) {
    if (error === null) continue;
    if (plan.world === 'virtual' && error.p99 > 0) {
      yield `It has a ${what}, but in virtual time nothing is late.`;
    }
    if (!within(error.p99, 0, lastedMs + CLOCK_STEP_MS)) {
      yield `Its ${what} is longer than the run.`;
    }
  }
};
