import { ValueType, type Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { StatedRun } from '../model/observation.ts';
import { hrTime, runResource, SCOPE } from './runResource.ts';

/** What links and objectives of a run came to, as metrics of its whole time. */
export function runMetrics(run: StatedRun): ResourceMetrics {
  return {
    resource: runResource(run),
    scopeMetrics: [{ scope: SCOPE, metrics: [...linkCounts(run), ...gauges(run)] }],
  };
}

interface Point {
  readonly value: number;
  readonly attributes: Attributes;
}

function pointsOf({ startedAt, endedAt }: StatedRun, points: readonly Point[]) {
  const times = { startTime: hrTime(startedAt), endTime: hrTime(endedAt) };
  return points.map((point) => ({ ...times, ...point }));
}

function linkCounts(run: StatedRun): MetricData[] {
  return (['sent', 'delivered', 'dropped', 'unreachable'] as const).map((fate) => ({
    descriptor: {
      name: `meshsim.link.packets.${fate}`,
      description: `packets of a link that were ${fate}`,
      unit: '{packet}',
      valueType: ValueType.INT,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: pointsOf(
      run,
      run.network.links.map((link) => ({
        value: link[fate],
        attributes: { from: link.from, to: link.to },
      })),
    ),
  }));
}

function gauges(run: StatedRun): MetricData[] {
  const delays = run.network.links.flatMap(({ from, to, achievedMs }) =>
    achievedMs === null
      ? []
      : (['p50', 'p90', 'p99'] as const).map((quantile) => ({
          value: achievedMs[quantile],
          attributes: { from, to, quantile },
        })),
  );
  const objectives = (pick: 'value' | 'threshold') =>
    run.indicators.map((indicator) => ({
      value: indicator[pick],
      attributes: {
        objective: indicator.name,
        metric: indicator.metric,
        passed: indicator.passed,
        samples: indicator.sampleSize,
        ...(indicator.over === undefined ? {} : { over: indicator.over }),
      },
    }));
  const all: readonly [string, string, string, readonly Point[]][] = [
    ['meshsim.link.delay', 'achieved one-way delay of a link', 'ms', delays],
    ['meshsim.objective.value', 'what was measured of an objective', '', objectives('value')],
    ['meshsim.objective.threshold', 'what an objective asks for', '', objectives('threshold')],
  ];
  return all
    .filter(([, , , points]) => points.length > 0)
    .map(([name, description, unit, points]) => ({
      descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints: pointsOf(run, points),
    }));
}
