import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { isOfAnswers, measuredBy } from '../../../src/model/measuredBy.ts';
import type { Objective } from '../../../src/model/objective.ts';
import { nearestRank, ServiceMeasures } from '../../../src/model/serviceMeasures.ts';
import { upgradePlanSchema } from '../../../src/model/upgradePlan.ts';
import type { UpgradeWindow } from '../../../src/model/upgradeReport.ts';

type Metric = Objective['metric'];

describe('what events say of services', () => {
  let measures: ServiceMeasures;
  beforeEach(() => {
    measures = new ServiceMeasures(['web']);
  });

  const tell = (at: number, body: MeshEventBody): void =>
    measures.apply({ seq: 0, simId: '', at, ...body });
  const received = (at: number, nodeId: string) =>
    tell(at, { type: 'phase', nodeId, phase: 'receive', status: 'ok' });
  const healthy = (at: number, nodeId: string) =>
    tell(at, { type: 'service', nodeId, service: 'web', status: 'healthy' });
  const crashed = (at: number, nodeId: string) =>
    tell(at, { type: 'node', nodeId, status: 'crashed' });
  const probes = (latencyMs: number[], failed = 0) =>
    tell(0, { type: 'probes', service: 'web', status: 'passed', latencyMs, failed });
  const calls = (latencyMs: number[], failed = 0) =>
    tell(0, { type: 'probes', service: 'web', status: 'passed', latencyMs, failed, by: 'calls' });
  const indicatorOf = (metric: Metric, threshold = 100, comparator: '<=' | '>=' = '<=') =>
    measures.indicator({
      service: 'web',
      objective: { name: 'x', metric, comparator, threshold },
      measuredBy: isOfAnswers(metric) ? 'probes' : undefined,
    });
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

  it('measures an upgrade window by window, and of starts and crashes nothing: they are of two Capsules', () => {
    const upgrade = upgradePlanSchema.parse({ from: 'ab'.repeat(32) });
    measures = new ServiceMeasures(['web'], { upgrade });
    const seen = (window: UpgradeWindow, failed: number) => {
      const said = {
        type: 'probes',
        service: 'web',
        status: 'passed',
        latencyMs: upTo(30),
      } as const;
      tell(0, { ...said, failed, window });
    };
    seen('before', 0);
    seen('mixed', 10);
    seen('after', 2);
    received(0, 'n0');
    healthy(100, 'n0');
    const of = {
      service: 'web',
      objective: { name: 'x', metric: 'availability-percent', comparator: '>=', threshold: 90 },
      measuredBy: 'probes',
    } as const;
    assert.equal(measures.indicator(of)?.value, 93.75);
    assert.equal(measures.indicator(of, 'mixed')?.value, 75);
    assert.equal(measures.indicator(of, 'before')?.passed, true);
    assert.equal(measures.indicator(of, 'rolled-back'), undefined);
    assert.equal(indicatorOf('time-to-healthy-ms'), undefined);
  });

  it('takes percentiles by nearest rank', () => {
    assert.equal(nearestRank([15, 20, 35, 40, 50], 0.3), 20);
    assert.equal(nearestRank([15, 20, 35, 40, 50], 1), 50);
    probes(upTo(100));
    assert.deepEqual(indicatorOf('latency-p95-ms'), {
      name: 'web: x',
      metric: 'latency-p95-ms',
      comparator: '<=',
      threshold: 100,
      value: 95,
      measuredBy: 'probes',
      over: 'protocol',
      sampleSize: 100,
      passed: true,
    });
    assert.equal(indicatorOf('latency-p99-ms', 98)?.passed, false);
  });

  it('states no percentile of too few probes', () => {
    probes(upTo(99));
    assert.equal(indicatorOf('latency-p99-ms'), undefined);
    assert.equal(indicatorOf('latency-p95-ms')?.value, 95);
  });

  it('counts all probes for the availability, and only those that passed for the latency', () => {
    probes(upTo(30), 10);
    const availability = indicatorOf('availability-percent', 75, '>=');
    assert.deepEqual(
      [availability?.value, availability?.sampleSize, availability?.passed],
      [75, 40, true],
    );
    assert.equal(indicatorOf('latency-p95-ms')?.sampleSize, 30);
  });

  it('never mixes probes and calls of one service', () => {
    probes(upTo(100));
    calls(
      upTo(20).map((ms) => 1_000 * ms),
      20,
    );
    const objective = { name: 'x', comparator: '<=', threshold: 100 } as const;
    const byCalls = (metric: Metric) =>
      measures.indicator({
        service: 'web',
        objective: { ...objective, metric },
        measuredBy: 'calls',
      });
    assert.deepEqual(
      [indicatorOf('latency-p95-ms')?.value, indicatorOf('availability-percent')?.value],
      [95, 100],
    );
    const quick = byCalls('latency-p95-ms');
    assert.deepEqual([quick?.value, quick?.sampleSize, quick?.measuredBy], [19_000, 20, 'calls']);
    assert.equal(byCalls('availability-percent')?.value, 50);
  });

  it('says that probes went over the wire, and measures nothing where others did not', () => {
    const latencyMs = upTo(20);
    const common = { type: 'probes', service: 'web', status: 'passed', failed: 0 } as const;
    tell(0, { ...common, latencyMs, over: 'wire' });
    assert.equal(indicatorOf('latency-p95-ms')?.over, 'wire');
    probes([5]);
    assert.equal(indicatorOf('latency-p95-ms'), undefined);
  });

  it('reads evidence that does not say how it measured: there was one way only', () => {
    calls([5, 6], 1);
    assert.deepEqual(measures.samples('web', 'availability-percent', undefined), [1, 1, 0]);
    assert.deepEqual(measures.samples('web', 'latency-p95-ms', 'probes'), []);
  });

  it('takes the start from the whole Capsule on, and the worst node', () => {
    received(100, 'n0');
    received(500, 'n1');
    healthy(150, 'n0');
    assert.equal(indicatorOf('time-to-healthy-ms'), undefined, 'n1 is not there yet');
    healthy(700, 'n1');
    const { value, sampleSize } = indicatorOf('time-to-healthy-ms') ?? {};
    assert.deepEqual([value, sampleSize], [200, 2]);
  });

  it('takes a recovery from the first of crashes that follow each other, the start from the one that succeeds', () => {
    crashed(100, 'n1');
    crashed(300, 'n1');
    received(900, 'n1');
    assert.equal(indicatorOf('recovery-ms'), undefined, 'n1 is not back yet');
    healthy(1_000, 'n1');
    assert.equal(indicatorOf('recovery-ms')?.value, 900);
    assert.equal(indicatorOf('time-to-healthy-ms')?.value, 100);
    crashed(2_000, 'n1');
    healthy(4_000, 'n1');
    const { value, sampleSize } = indicatorOf('recovery-ms') ?? {};
    assert.deepEqual([value, sampleSize], [2_000, 2]);
    assert.equal(indicatorOf('time-to-healthy-ms')?.value, 100, 'the first start of a node');
  });
});

describe('how an objective is measured', () => {
  const asked = { health: { http: { port: 'http', path: '/' } } } as Parameters<
    typeof measuredBy
  >[0];
  const ran = { health: { command: ['true'] } } as Parameters<typeof measuredBy>[0];

  it('follows from the health check of its service unless it says so itself', () => {
    const metric = 'latency-p95-ms';
    assert.equal(measuredBy(asked, { metric }), 'probes');
    assert.equal(measuredBy(ran, { metric }), 'calls');
    assert.equal(measuredBy(asked, { metric, measuredBy: 'calls' }), 'calls');
  });

  it('is neither for what follows from starts and crashes', () => {
    assert.equal(measuredBy(asked, { metric: 'recovery-ms' }), undefined);
    assert.equal(measuredBy(ran, { metric: 'time-to-healthy-ms' }), undefined);
  });
});
