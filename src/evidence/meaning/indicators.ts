import type { EvidenceExtension } from '../../model/evidence.ts';
import type { Indicator, WindowIndicator } from '../../model/indicator.ts';
import { OBJECTIVES_INVARIANT } from '../../model/invariants.ts';
import { isOfAnswers } from '../../model/measuredBy.ts';
import { objectiveSchema, type Objective } from '../../model/objective.ts';
import { placesOf } from '../../model/placement.ts';
import { isMet, leastSamples, serviceOf } from '../../model/serviceMeasures.ts';
import { serviceNameSchema } from '../../model/names.ts';
import { held, isPass, type Claims, type Rule } from './rule.ts';

/** Those of the run, and of an upgrade those of its windows. */
function allOf(evidence: EvidenceExtension): readonly (Indicator | WindowIndicator)[] {
  return 'upgrade' in evidence
    ? [...evidence.indicators, ...evidence.upgrade.indicators]
    : evidence.indicators;
}

function metricOf({ metric }: Indicator): Objective['metric'] | undefined {
  return objectiveSchema.shape.metric.safeParse(metric).data;
}

export const indicatorsAreMetOrMissed: Rule = function* ({ evidence }) {
  for (const indicator of allOf(evidence)) {
    const { name, value, comparator, threshold, passed } = indicator;
    if (passed === isMet(indicator)) continue;
    yield `It says the objective "${name}" was ${passed ? 'met' : 'missed'}, measured ${value}, wanted ${comparator} ${threshold}.`;
  }
};

export const indicatorsAreStatedOnce: Rule = function* ({ evidence }) {
  const names = allOf(evidence).map((one) => `${'window' in one ? one.window : ''} ${one.name}`);
  if (new Set(names).size < names.length) yield 'It states the same indicator twice.';
};

export const indicatorsAreOfServices: Rule = function* ({ evidence }) {
  for (const indicator of allOf(evidence)) {
    const service = serviceOf(indicator);
    const isNamed = indicator.name.startsWith(`${service}: `);
    if (!isNamed || !serviceNameSchema.safeParse(service).success) {
      yield `The indicator "${indicator.name}" is of no service.`;
    }
  }
};

/** Of an upgrade: each is of a window that there was. */
export const indicatorsAreOfWindows: Rule = function* ({ evidence, upgrade }) {
  if (upgrade === undefined) return;
  const { indicators, windows } = upgrade.report;
  const isThere = (name: string) => windows.some(({ window }) => window === name);
  for (const { name, window } of indicators) {
    if (!isThere(window) || window === 'after') {
      yield `The indicator "${name}" is of the window "${window}", which was not one before the last.`;
    }
  }
  if (evidence.indicators.length > 0 && !isThere('after')) {
    yield 'It measures services of the new Capsule, but had no window "after".';
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
  if (claims.upgrade !== undefined && measuredBy !== 'probes') {
    yield `The indicator "${name}" is not of probes, and nothing else is measured in an upgrade.`;
  }
  const { placement, params } = claims.plan;
  const nodes = placesOf(placement, serviceOf(indicator), params.nodes).length;
  const isEach = sampleSize <= nodes && (!isPass(claims) || sampleSize >= nodes);
  if (metric === 'time-to-healthy-ms' && !isEach) {
    yield `The indicator "${name}" rests on ${sampleSize} starts, but ${nodes} nodes run its service.`;
  }
  const crashes = claims.nodes.reduce((sum, node) => sum + node.crashes, 0);
  if (metric === 'recovery-ms' && sampleSize > crashes) {
    yield `The indicator "${name}" rests on ${sampleSize} recoveries from ${crashes} crashes.`;
  }
}

export const indicatorsArePossible: Rule = function* (claims) {
  for (const indicator of allOf(claims.evidence)) yield* problemsOf(indicator, claims);
};

/** Nodes with a wire ask over it, those without one do not, and where there were both, nothing was measured. */
export const probesWentAsTheyCould: Rule = function* ({ evidence }) {
  const { fidelity } = evidence.environment;
  const isWired = 'services' in evidence.network && evidence.network.services !== undefined;
  for (const { name, measuredBy, over } of allOf(evidence)) {
    if (over === undefined) continue;
    if (measuredBy !== 'probes') {
      yield `The indicator "${name}" says what its probes went over, but is not measured by probes.`;
    } else if (over === 'wire' && !isWired) {
      yield `The indicator "${name}" was measured over the wire, but it counts no packets of services.`;
    } else if (over === 'protocol' && fidelity === 'kernel') {
      yield `The indicator "${name}" was measured over the protocol, but every node is said to have had a wire.`;
    }
  }
  const ways = new Set(allOf(evidence).flatMap(({ over }) => over ?? []));
  if (ways.size > 1)
    yield 'It says that probes went over the wire, and that others went over the protocol.';
};

export const virtualTimeMeasuresNoService: Rule = function* ({ evidence, plan }) {
  if (plan.world === 'virtual' && allOf(evidence).length > 0) {
    yield 'It measures services, but none runs in virtual time.';
  }
};

export const objectivesFollow: Rule = function* (claims) {
  const missed = claims.evidence.indicators.some(({ passed }) => !passed);
  if (missed && held(claims, OBJECTIVES_INVARIANT)) {
    yield `It says that "${OBJECTIVES_INVARIANT}" held, although an objective was missed.`;
  }
};
