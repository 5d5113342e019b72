import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type { Indicator } from '../../../src/model/evidence.ts';
import type { Objective } from '../../../src/model/objective.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { eventsOf, rehearse } from '../../support/realRun.ts';
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

  async function measured(
    files: TinyService['files'],
    plan: Parameters<typeof rehearse>[1] = {},
    objectives: readonly Objective[] = OBJECTIVES,
  ) {
    const service = { ...healthyService('web', { objectives }), ...(files && { files }) };
    product = await createTinyProduct([service]);
    const run = await rehearse(product, plan);
    const named = (name: string): Indicator | undefined =>
      run.observation.indicators.find((indicator) => indicator.name === `web: ${name}`);
    return { ...run, named };
  }

  it('counts the ways there and back and the time of the service itself, over the wire where there is one', async () => {
    const { named, observation } = await measured(server({ delayMs: 60 }), {
      params: { nodes: 2, latencyMs: [40, 40] },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const quick = named('quick');
    // Over the wire a connection is opened first.
    const [over, least] = wireHindrance() === undefined ? ['wire', 220] : ['protocol', 140];
    assert.equal(quick?.over, over);
    assert.ok(quick.value >= least, `${quick.value} ms`);
    assert.ok(quick.sampleSize >= 100, `${quick.sampleSize} samples`);
    assert.equal(quick.passed, true);
    const quickForAll = named('quick for all');
    assert.ok(quickForAll !== undefined && quickForAll.value >= quick.value);
    assert.equal(named('open')?.value, 100);
    assert.equal(named('starts')?.sampleSize, 2);
    assert.equal(named('recovers'), undefined, 'nothing crashed');
  });

  it('misses an availability that a service fails on purpose, and does not fail the run by it', async () => {
    const { named, observation, events } = await measured(server({ failEvery: 4 }));
    assert.equal(observation.outcome, 'pass', observation.cause);
    const open = named('open');
    assert.ok(open !== undefined && open.value < 95 && open.value > 50, `${open?.value} %`);
    assert.equal(open.passed, false);
    assert.ok(
      eventsOf(events, 'probes').some(
        ({ status, details = '' }) => status === 'failed' && details.includes('failed (n0, n1)'),
      ),
    );
  });

  it('fails the run by a missed objective when the plan says so', async () => {
    const { observation } = await measured(server({ failEvery: 2 }), { failOnObjectives: true });
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /Missed: web: open \(by probes\)\./);
  });

  it('measures the recovery from a crash, and the time nobody answered', async () => {
    const { named, observation, events } = await measured(undefined, {
      params: { nodes: 3, latencyMs: [1, 5] },
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
    const recovers = named('recovers');
    assert.equal(recovers?.sampleSize, 1);
    assert.ok(recovers.value >= 1_000);
    assert.ok(Math.abs(recovers.value - ((again?.at ?? 0) - (crashed?.at ?? 0))) < 0.002);
    const open = named('open');
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

  it('asks nobody for services that promise nothing', async () => {
    const { observation, events } = await measured(undefined, {}, []);
    assert.deepEqual(observation.indicators, []);
    assert.deepEqual(eventsOf(events, 'probes'), []);
  });
});
