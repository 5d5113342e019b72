import { compareRuns, type ComparedRun } from '../../../src/evidence/comparison.ts';
import type { Comparison } from '../../../src/model/comparison.ts';
import { ServiceMeasures, serviceOf } from '../../../src/model/serviceMeasures.ts';
import { objectiveSchema, type Objective } from '../../../src/model/objective.ts';
import { rehearse } from '../../support/realRun.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';
import { atLeast, atMost, single, type FigureInput } from '../figure.ts';
import type { BenchContext, Suite } from '../suite.ts';

const OBJECTIVES: Objective[] = [
  { name: 'quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 1_000 },
  { name: 'quick for all', metric: 'latency-p99-ms', comparator: '<=', threshold: 1_000 },
  { name: 'open', metric: 'availability-percent', comparator: '>=', threshold: 95 },
];

/** One run of the same Capsule under the same plan, but for the seed. */
async function oneRun(product: TinyProduct, seed: number): Promise<ComparedRun> {
  const plan = { params: { nodes: 2, latencyMs: [5, 20] as [number, number] }, seed };
  const { observation, events } = await rehearse(product, plan);
  if (observation.outcome !== 'pass') throw new Error(observation.cause ?? 'A run failed.');
  const measures = new ServiceMeasures(['web']);
  for (const event of events) measures.apply(event);
  return {
    evidence: { ...observation, indicators: [...observation.indicators] },
    samples: (indicator) => {
      const metric = objectiveSchema.shape.metric.parse(indicator.metric);
      return measures.samples(serviceOf(indicator), metric, indicator.measuredBy);
    },
  };
}

/** As if the timing of no run had missed its budget: how often the statistics alone would cry wolf. */
function undegraded({ evidence, samples }: ComparedRun): ComparedRun {
  return {
    evidence: { ...evidence, environment: { ...evidence.environment, degraded: false } },
    samples,
  };
}

/** The very samples of a run, as if every answer had taken half as long again. */
function slower({ evidence, samples }: ComparedRun): ComparedRun {
  return {
    evidence,
    samples: (indicator) => {
      const factor = indicator.metric.endsWith('-ms') ? 1.5 : 1;
      return (samples?.(indicator) ?? []).map((value) => value * factor);
    },
  };
}

/** Pairs with a verdict on any of their indicators. */
function pairsWith(pairs: readonly Comparison[][], verdict: Comparison['verdict']): number {
  return pairs.filter((pair) => pair.some((one) => one.verdict === verdict)).length;
}

async function run({ quick }: BenchContext): Promise<FigureInput[]> {
  const count = quick ? 2 : 50;
  const product = await createTinyProduct([healthyService('web', { objectives: OBJECTIVES })]);
  try {
    const runs: ComparedRun[] = [];
    for (let seed = 1; seed <= count + 1; seed += 1) runs.push(await oneRun(product, seed));
    const pairs = runs.slice(1).map((now, at) => ({ now, before: runs[at]! }));
    const asShipped = pairs.map(({ now, before }) => compareRuns(now, before));
    const byRanksAlone = pairs.map(({ now, before }) =>
      compareRuns(undegraded(now), undegraded(before)),
    );
    const afterSlowing = pairs.map(({ now, before }) =>
      compareRuns(slower(undegraded(now)), undegraded(before)),
    );
    const busy = runs.filter(({ evidence }) => evidence.environment.degraded).length;
    const rate = (pairs: Comparison[][], verdict: Comparison['verdict']) =>
      single((100 * pairsWith(pairs, verdict)) / count);
    return [
      {
        name: 'A/A pairs called worse',
        unit: '%',
        spread: rate(asShipped, 'fail'),
        target: atMost(5),
        note: `${count} pairs: each of ${count + 1} real runs of one Capsule against the one before, three indicators a pair; ${busy} runs were degraded`,
      },
      {
        name: 'A/A pairs called worse, degraded runs compared as well',
        unit: '%',
        spread: rate(byRanksAlone, 'fail'),
        target: atMost(5),
        note: 'what the rank test and the margin do without that guard',
      },
      {
        name: 'A/A pairs with an indicator left inconclusive',
        unit: '%',
        spread: rate(asShipped, 'inconclusive'),
      },
      {
        name: 'the same, degraded runs compared as well',
        unit: '%',
        spread: rate(byRanksAlone, 'inconclusive'),
      },
      {
        name: 'pairs called worse whose latencies were multiplied by 1.5',
        unit: '%',
        spread: rate(afterSlowing, 'fail'),
        target: atLeast(80),
        note: 'the same samples, degraded runs compared as well: whether a real change is found',
      },
    ];
  } finally {
    await product.dispose();
  }
}

export const suite: Suite = { title: 'false alarms of objectives', run };
