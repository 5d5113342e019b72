import type { ObjectivesFound } from '../../mesh/invariants.ts';
import type { Served } from '../../mesh/upgrade/servedThroughout.ts';
import type { Comparison } from '../../model/comparison.ts';
import type { WindowIndicator } from '../../model/indicator.ts';
import {
  indicatorName,
  type ServiceMeasures,
  type ServiceObjective,
} from '../../model/serviceMeasures.ts';
import { compareWindows } from '../../model/windowComparisons.ts';
import { watchedServices, type RunManifests, type WatchedService } from '../askedServices.ts';

/** "after" is the window of the run's own indicators. */
const WINDOWS = ['before', 'mixed', 'rolled-back'] as const;

/** What was measured often enough of each objective in the windows of an upgrade before the last. */
export function windowIndicators(
  objectives: readonly ServiceObjective[],
  measures: ServiceMeasures,
): WindowIndicator[] {
  return WINDOWS.flatMap((window) =>
    objectives.flatMap((objective) => {
      const indicator = measures.indicator(objective, window);
      return indicator === undefined ? [] : [{ ...indicator, window }];
    }),
  );
}

/** Of these, the window "mixed" against "before". @param isDegraded the network did not keep to its plan */
export function windowComparisons(
  objectives: readonly ServiceObjective[],
  measures: ServiceMeasures,
  indicators: readonly WindowIndicator[],
  isDegraded: boolean,
): Comparison[] {
  const samplesOf = ({ name, window }: WindowIndicator) => {
    const of = objectives.find((one) => indicatorName(one) === name);
    if (of === undefined) return [];
    return measures.samples(of.service, of.objective.metric, of.measuredBy, window);
  };
  return compareWindows(indicators, samplesOf, isDegraded);
}

/** Whether nodes ask for it while they are upgraded: by probes, of a service that both Capsules answer for alike. */
function isAskedFor(
  { service, measuredBy }: ServiceObjective,
  watched: readonly WatchedService[],
): boolean {
  return (
    measuredBy === 'probes' &&
    watched.some((one) => one.service === service && one.by === measuredBy)
  );
}

/** What has to be met, and beyond that what an upgrade does not measure: starts, crashes and calls would be of two Capsules. */
export function judgedObjectives(
  stated: readonly ServiceObjective[],
  manifests: RunManifests,
): Pick<ObjectivesFound, 'objectives' | 'beyond'> {
  if (manifests.before === undefined) return { objectives: stated };
  const watched = watchedServices(manifests);
  return {
    objectives: stated.filter((one) => isAskedFor(one, watched)),
    beyond: stated.filter((one) => !isAskedFor(one, watched)),
  };
}

/** Of these, what says whether services were available while nodes ran different Capsules. */
export function servedOf(
  objectives: readonly ServiceObjective[],
  watched: readonly WatchedService[],
  indicators: readonly WindowIndicator[],
): Pick<Served, 'promised' | 'measured'> {
  const promised = objectives
    .filter(({ objective }) => objective.metric === 'availability-percent')
    .filter((one) => isAskedFor(one, watched))
    .map(indicatorName);
  const measured = indicators.filter(
    ({ window, name }) => window === 'mixed' && promised.includes(name),
  );
  return { promised, measured };
}
