import type { Indicator } from '../../model/indicator.ts';
import { OBJECTIVES_INVARIANT } from '../../model/invariants.ts';
import { isOfAnswers } from '../../model/measuredBy.ts';
import { objectiveSchema, type Objective } from '../../model/objective.ts';
import { placesOf } from '../../model/placement.ts';
import { isMet, leastSamples, serviceOf } from '../../model/serviceMeasures.ts';
import { serviceNameSchema } from '../../model/names.ts';
import { held, isPass, type Claims, type Rule } from './rule.ts';

function metricOf({ metric }: Indicator): Objective['metric'] | undefined {
  return objectiveSchema.shape.metric.safeParse(metric).data;
}

export const indicatorsAreMetOrMissed: Rule = function* ({ evidence }) {
  for (const indicator of evidence.indicators) {
    const { name, value, comparator, threshold, passed } = indicator;
    if (passed === isMet(indicator)) continue;
    yield `It says the objective "${name}" was ${passed ? 'met' : 'missed'}, measured ${value}, wanted ${comparator} ${threshold}.`;
  }
};

export const indicatorsAreStatedOnce: Rule = function* ({ evidence }) {
  const names = evidence.indicators.map(({ name }) => name);
  if (new Set(names).size < names.length) yield 'It states the same indicator twice.';
};

export const indicatorsAreOfServices: Rule = function* ({ evidence }) {
  for (const indicator of evidence.indicators) {
    const service = serviceOf(indicator);
    const isNamed = indicator.name.startsWith(`${service}: `);
    if (!isNamed || !serviceNameSchema.safeParse(service).success) {
      yield `The indicator "${indicator.name}" is of no service.`;
    }
  }
};

/** A percentage of so many answers is a whole number of them. */
function isShareOf({ value, sampleSize }: Indicator): boolean {
  const good = Math.round((value * sampleSize) / 100);
  return Math.abs((100 * good) / sampleSize - value) <= 0.001;
}

function* problemsOf(indicator: Indicator, claims: Claims): Iterable<string> {
  const { name, value, threshold, sampleSize, measuredBy } = indicator;
  const metric = metricOf(indicator);
  if (metric === undefined) {
    yield `The indicator "${name}" measures "${indicator.metric}", which is no metric.`;
    return;
  }
  if (value < 0 || threshold < 0) yield `The indicator "${name}" has a negative number.`;
  if (sampleSize < leastSamples(metric)) {
    yield `The indicator "${name}" rests on ${sampleSize} measurements, which are too few.`;
  }
  if (measuredBy !== undefined && !isOfAnswers(metric)) {
    yield `The indicator "${name}" takes no ${measuredBy} to measure.`;
  }
  if (metric === 'availability-percent' && (value > 100 || !isShareOf(indicator))) {
    yield `The indicator "${name}" says ${value} %, which is no share of ${sampleSize} answers.`;
  }
  const { placement, params } = claims.plan;
  const nodes = placesOf(placement, serviceOf(indicator), params.nodes).length;
  // Each move of an upgrade starts it once more.
  const most = nodes * (1 + (claims.upgrade?.legs.length ?? 0));
  const isEach = sampleSize <= most && (!isPass(claims) || sampleSize >= nodes);
  if (metric === 'time-to-healthy-ms' && !isEach) {
    yield `The indicator "${name}" rests on ${sampleSize} starts, but ${nodes} nodes run its service.`;
  }
  const crashes = claims.nodes.reduce((sum, node) => sum + node.crashes, 0);
  if (metric === 'recovery-ms' && sampleSize > crashes) {
    yield `The indicator "${name}" rests on ${sampleSize} recoveries from ${crashes} crashes.`;
  }
}

export const indicatorsArePossible: Rule = function* (claims) {
  for (const indicator of claims.evidence.indicators) yield* problemsOf(indicator, claims);
};

/** Nodes with a wire ask over it, those without one do not, and where there were both, nothing was measured. */
export const probesWentAsTheyCould: Rule = function* ({ evidence }) {
  const { fidelity } = evidence.environment;
  const isWired = 'services' in evidence.network && evidence.network.services !== undefined;
  for (const { name, measuredBy, over } of evidence.indicators) {
    if (over === undefined) continue;
    if (measuredBy !== 'probes') {
      yield `The indicator "${name}" says what its probes went over, but is not measured by probes.`;
    } else if (over === 'wire' && !isWired) {
      yield `The indicator "${name}" was measured over the wire, but it counts no packets of services.`;
    } else if (over === 'protocol' && fidelity === 'kernel') {
      yield `The indicator "${name}" was measured over the protocol, but every node is said to have had a wire.`;
    }
  }
  const ways = new Set(evidence.indicators.flatMap(({ over }) => over ?? []));
  if (ways.size > 1)
    yield 'It says that probes went over the wire, and that others went over the protocol.';
};

export const virtualTimeMeasuresNoService: Rule = function* ({ evidence, plan }) {
  if (plan.world === 'virtual' && evidence.indicators.length > 0) {
    yield 'It measures services, but none runs in virtual time.';
  }
};

export const objectivesFollow: Rule = function* (claims) {
  const missed = claims.evidence.indicators.some(({ passed }) => !passed);
  if (missed && held(claims, OBJECTIVES_INVARIANT)) {
    yield `It says that "${OBJECTIVES_INVARIANT}" held, although an objective was missed.`;
  }
};
