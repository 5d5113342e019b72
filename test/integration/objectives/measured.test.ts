import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type { Indicator } from '../../../src/model/indicator.ts';
import type { Objective } from '../../../src/model/objective.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { eventsOf, ON_HOST, rehearse } from '../../support/realRun.ts';
import {
  createTinyProduct,
  healthyService,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';

const OBJECTIVES: Objective[] = [
  { name: 'quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 10_000 },
  { name: 'quick for all', metric: 'latency-p99-ms', comparator: '<=', threshold: 10_000 },
  { name: 'open', metric: 'availability-percent', comparator: '>=', threshold: 99 },
  { name: 'starts', metric: 'time-to-healthy-ms', comparator: '<=', threshold: 60_000 },
  { name: 'recovers', metric: 'recovery-ms', comparator: '<=', threshold: 60_000 },
];

/** Healthy at once; every answer takes `delayMs`, and of those after the first every `failEvery`-th is a 503. */
function server({ delayMs = 0, failEvery = 0 }): TinyService['files'] {
  return {
    'server.mjs': `
import { createServer } from 'node:http';
let asked = 0;
createServer((_, response) => {
  asked += 1;
  if (${failEvery} > 0 && asked > 1 && asked % ${failEvery} === 0) response.statusCode = 503;
  setTimeout(() => response.end('ok'), ${delayMs});
}).listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`,
  };
}

describe('objectives in a real run', () => {
  let product: TinyProduct | undefined;
  afterEach(() => product?.dispose());

  /** With all of these objectives; unless `files` say otherwise it answers at once. */
  function web(
    name: string,
    files = healthyService().files ?? {},
    entry: TinyService['entry'] = {},
  ): TinyService {
    return { ...healthyService(name, { objectives: OBJECTIVES, ...entry }), files };
  }

  async function measured(
    services: TinyService[],
    plan: Parameters<typeof rehearse>[1] = {},
    overrides: Parameters<typeof rehearse>[2] = {},
  ) {
    product = await createTinyProduct(services);
    const run = await rehearse(product, plan, overrides);
    const named = (wanted: string): Indicator | undefined =>
      run.observation.indicators.find(({ name }) => name === wanted);
    return { ...run, named };
  }

  it('count the ways there and back and the time of the service itself, and a missed availability does not fail the run', async () => {
    const { named, observation, events } = await measured(
      [
        web('web', server({ delayMs: 60 })),
        web('flaky', server({ failEvery: 4 }), { ports: { http: 4_001 } }),
      ],
      { params: { nodes: 2, latencyMs: [40, 40] } },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    const quick = named('web: quick');
    // Over the wire, where there is one, a connection is opened first.
    const [over, least] = wireHindrance() === undefined ? ['wire', 220] : ['protocol', 140];
    assert.equal(quick?.over, over);
    assert.ok(quick.value >= least, `${quick.value} ms`);
    assert.ok(quick.sampleSize >= 100, `${quick.sampleSize} samples`);
    assert.equal(quick.passed, true);
    const quickForAll = named('web: quick for all');
    assert.ok(quickForAll !== undefined && quickForAll.value >= quick.value);
    assert.equal(named('web: open')?.value, 100);
    assert.equal(named('web: starts')?.sampleSize, 2);
    assert.equal(named('web: recovers'), undefined, 'nothing crashed');

    // It fails on purpose.
    const open = named('flaky: open');
    assert.ok(open !== undefined && open.value < 95 && open.value > 50, `${open?.value} %`);
    assert.equal(open.passed, false);
    assert.ok(
      eventsOf(events, 'probes').some(
        ({ service, status, details = '' }) =>
          service === 'flaky' && status === 'failed' && details.includes('failed (n0, n1)'),
      ),
    );
  });

  it('fails the run by a missed objective when the plan says so', async () => {
    const { observation } = await measured(
      [web('web', server({ failEvery: 2 }))],
      { failOnObjectives: true },
      ON_HOST,
    );
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /Missed: web: open \(by probes\)\./);
  });

  it('measures the recovery from a crash, and the time nobody answered', async () => {
    const { named, observation, events } = await measured([web('web')], {
      chaos: {
        preset: 'none',
        faults: [
          {
            when: { node: 'n1', phase: 'healthy', progress: 1 },
            do: { kill: 'n1', restartAfterMs: 1_000 },
          },
        ],
      },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const crashed = eventsOf(events, 'node').find(({ status }) => status === 'crashed');
    const again = eventsOf(events, 'service').findLast(
      ({ nodeId, status }) => nodeId === 'n1' && status === 'healthy',
    );
    const recovers = named('web: recovers');
    assert.equal(recovers?.sampleSize, 1);
    assert.ok(recovers.value >= 1_000);
    assert.ok(Math.abs(recovers.value - ((again?.at ?? 0) - (crashed?.at ?? 0))) < 0.002);
    const open = named('web: open');
    assert.ok(open !== undefined && open.value < 100, `${open?.value} %`);
    // Requests to a node that was killed fail, those to the others and to its next life do not.
    const over = wireHindrance() === undefined ? 'wire' : undefined;
    const probes = eventsOf(events, 'probes');
    assert.ok(probes.every((event) => event.over === over));
    const failed = probes.filter(({ status }) => status === 'failed');
    assert.ok(
      failed.every(({ details = '' }) => details.endsWith('failed (n1)')),
      'n1 alone',
    );
  });
});
