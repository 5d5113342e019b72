import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import type { Objective } from '../../../src/model/objective.ts';
import { eventsOf, rehearse } from '../../support/realRun.ts';
import {
  createTinyProduct,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';

const QUICK: Objective = {
  name: 'quick',
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 10_000,
};
const API_OBJECTIVES: Objective[] = [
  QUICK,
  { name: 'open', metric: 'availability-percent', comparator: '>=', threshold: 99 },
];
const WEB_OBJECTIVES: Objective[] = [
  { name: 'open', metric: 'availability-percent', comparator: '>=', threshold: 99 },
];

const ASKED_AND_CALLED: Objective[] = [
  { ...QUICK, name: 'quick for others', measuredBy: 'probes' },
  { ...QUICK, name: 'quick for its own', measuredBy: 'calls' },
];

/** Healthy once it listens: a command that says so sooner would let calls that nobody can take count against it. */
const CONNECTS = `require('node:net').connect(process.env.PORT, '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(1))`;

/**
 * It listens well after its caller was started. Every answer takes 30 ms, and every `failEvery`-th is a 500. Unless `entry` says
 * otherwise its health is asked of a command, so that no node asks for it.
 */
function api(
  failEvery: number,
  objectives: readonly Objective[],
  entry: TinyService['entry'] = { health: { command: ['node', '-e', CONNECTS] } },
): TinyService {
  const code = `
import { createServer } from 'node:http';
let asked = 0;
const server = createServer((_, response) => {
  asked += 1;
  if (asked % ${failEvery} === 0) response.statusCode = 500;
  setTimeout(() => response.end('ok'), 30);
});
setTimeout(() => server.listen(Number(process.env.PORT), '0.0.0.0'), 500);
process.on('SIGTERM', () => process.exit(0));
`;
  return {
    name: 'api',
    files: { 'server.mjs': code },
    entry: { objectives, ...entry },
  };
}

/** The same under another name, and on another port. */
function named(name: string, service: TinyService): TinyService {
  return { ...service, name, entry: { ...service.entry, ports: { http: 4_001 } } };
}

/** On a busy machine an answer that waits for others is late, and is an answer. */
const PATIENT = {
  http: { port: 'http', path: '/' },
  ...{ intervalMs: 20, timeoutMs: 10_000, deadlineMs: 15_000 },
};

/** Calls these services whenever it is asked how it is, and is well whatever comes back. */
function web(objectives: readonly Objective[], ...called: string[]): TinyService {
  const urls = (called.length === 0 ? ['api'] : called).map(
    (name) => `http://127.0.0.1:\${service:${name}.http}/`,
  );
  const code = `
import { createServer } from 'node:http';
const call = (url) => fetch(url).then((answer) => answer.text()).catch(() => undefined);
createServer((_, response) => {
  Promise.all(process.env.CALLED.split(' ').map(call)).then(() => response.end('ok'));
}).listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;
  const env = { PORT: '${port:http}', CALLED: urls.join(' ') };
  const entry = { objectives, env, health: PATIENT };
  return { name: 'web', files: { 'server.mjs': code }, entry };
}

describe('objectives measured by calls of services to each other', () => {
  let product: TinyProduct | undefined;
  afterEach(() => product?.dispose());

  async function measured(...services: TinyService[]) {
    return measuredUnder({}, ...services);
  }

  async function measuredUnder(plan: Parameters<typeof rehearse>[1], ...services: TinyService[]) {
    product = await createTinyProduct(services);
    const run = await rehearse(product, plan);
    assert.equal(run.observation.outcome, 'pass', run.observation.cause);
    const indicator = (wanted: string) =>
      run.observation.indicators.find(({ name }) => name === wanted);
    const callEvents = eventsOf(run.events, 'probes').filter(({ by }) => by === 'calls');
    return { ...run, indicator, callEvents };
  }

  it('are those of a service that cannot be asked for across the mesh, and find out one that answers 500 half of the time, though its caller is well', async () => {
    const { indicator, callEvents, events } = await measured(
      api(Infinity, API_OBJECTIVES),
      named('faulty', api(2, API_OBJECTIVES)),
      web(WEB_OBJECTIVES, 'api', 'faulty'),
    );
    const quick = indicator('api: quick');
    assert.ok(quick !== undefined && quick.value >= 29, `${quick?.value} ms`);
    assert.equal(quick.passed, true);
    assert.equal(indicator('api: open')?.value, 100);
    assert.ok(quick.sampleSize >= 20, `${quick.sampleSize} samples`);
    const counted = callEvents
      .filter(({ service }) => service === 'api')
      .reduce((sum, { latencyMs }) => sum + latencyMs.length, 0);
    assert.equal(quick.sampleSize, counted);
    assert.deepEqual([...new Set(callEvents.map(({ service }) => service))].sort(), [
      'api',
      'faulty',
    ]);
    const asked = eventsOf(events, 'probes').filter(({ by }) => by === undefined);
    assert.ok(asked.length > 0 && asked.every(({ service }) => service === 'web'));

    const open = indicator('faulty: open');
    assert.ok(open !== undefined && open.value > 40 && open.value < 60, `${open?.value} %`);
    assert.equal(open.passed, false);
    assert.equal(indicator('web: open')?.value, 100);
    assert.ok(callEvents.some(({ details = '' }) => details.includes('calls of "faulty" failed')));
  });

  it('stand beside those of probes of the same service, and neither is in the other', async () => {
    const plan = { params: { nodes: 2, latencyMs: [40, 40] as [number, number] } };
    const { indicator, callEvents, events } = await measuredUnder(
      plan,
      api(Infinity, ASKED_AND_CALLED, {}),
      web(WEB_OBJECTIVES),
    );
    const askedEvents = eventsOf(events, 'probes').filter(
      ({ service, by }) => service === 'api' && by === undefined,
    );
    const asked = askedEvents.flatMap(({ latencyMs }) => latencyMs);
    const called = callEvents.flatMap(({ latencyMs }) => latencyMs);
    const [others, own] = [indicator('api: quick for others'), indicator('api: quick for its own')];
    assert.deepEqual([others?.measuredBy, own?.measuredBy], ['probes', 'calls']);
    assert.deepEqual([others?.sampleSize, own?.sampleSize], [asked.length, called.length]);
    assert.ok(called.length >= 20 && asked.length >= 20, `${called.length}, ${asked.length}`);
    // A probe goes over a link of 40 ms and back, and a call over none.
    assert.ok(Math.min(...asked) >= 109, `${Math.min(...asked)} ms`);
    assert.ok(Math.min(...called) >= 29, `${Math.min(...called)} ms`);
    assert.ok(Math.min(...called) < Math.min(...asked));
    // Two measured times can be equal by chance; that all of one are among the other's cannot.
    assert.ok(called.some((ms) => !asked.includes(ms)));
    assert.ok(asked.some((ms) => !called.includes(ms)));
  });

  it('are none where the called service promises nothing, and nothing is watched', async () => {
    const { callEvents, options } = await measured(api(2, []), web(WEB_OBJECTIVES));
    assert.deepEqual(callEvents, []);
    for (const file of ['calls.ndjson', 'guard']) {
      assert.ok(!existsSync(path.join(options.runFolder, 'nodes/n0', file)), file);
    }
  });
});
