import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createApi } from '../../../src/api/app.ts';
import {
  evidenceSchema,
  healthSchema,
  problemSchema,
  recordedSchema,
  snapshotSchema,
  startedSchema,
  streamEndSchema,
  type Started,
} from '../../../src/model/api.ts';
import { machineSchema } from '../../../src/model/machineApi.ts';
import { provenanceGraphSchema, provenancePageSchema } from '../../../src/model/provenanceApi.ts';
import { eventSchema } from '../../../src/model/events.ts';
import { Simulations } from '../../../src/studio/runs/simulations.ts';
import { Studio } from '../../../src/studio/studio.ts';
import {
  createStudioServer,
  eventsOf,
  messagesOf,
  type StudioServer,
} from '../../support/studioServer.ts';
import { withoutBoxes } from '../../support/workspace.ts';

const TWO_NODES = { nodes: 2, latencyMs: [1, 5] };

async function codeOf(response: Response): Promise<[number, string]> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = problemSchema.parse(await response.json());
  assert.equal(problem.status, response.status);
  return [problem.status, problem.code];
}

describe('the API of simulations', () => {
  let studio: StudioServer;
  beforeEach(async () => {
    studio = await createStudioServer();
    await withoutBoxes(studio.folder);
  });
  afterEach(() => studio.dispose());

  async function start(body: object, headers?: Record<string, string>): Promise<Started> {
    const response = await studio.post('/api/mesh-sim/start', body, headers);
    assert.equal(response.status, 202);
    return startedSchema.parse(await response.json());
  }

  const follow = (simId: string, headers: Record<string, string> = {}) =>
    studio.call(`/api/mesh-sim/events?simId=${simId}`, { headers }).then(messagesOf);

  it('says which faults of a plan it starts cannot have an effect, or not on this machine', async () => {
    const capsuleHash = await studio.pack();
    const slow = { when: { atMs: 10 }, do: { slow: 'n1', factor: 1 } };
    const dns = { when: { atMs: 10 }, do: { dns: { nodes: ['n1'], mode: 'fail' }, forMs: 9 } };
    const started = await start({ capsuleHash, params: TWO_NODES, chaos: { faults: [slow, dns] } });
    const [idle = '', beyond = ''] = started.warnings ?? [];
    assert.match(idle, /^Fault 0 slows n1 by a factor of 1: it has no effect/);
    assert.match(beyond, /^Fault 1 \(dns\) cannot be applied, since nodes get no network of their/);
    const machine = await (await studio.call('/api/machine')).json();
    const { lacks } = machineSchema.parse(machine);
    assert.match(lacks.network ?? '', /^mesh\.environments\.json has turned namespaces off/);
    await studio.post(`/api/mesh-sim/${started.simId}/cancel`, {});
    await follow(started.simId);
  });

  it('starts, streams, seals, shows and replays a run', async () => {
    const capsuleHash = await studio.pack();
    const { simId, nodeIds } = await start({ capsuleHash, params: TWO_NODES, seed: 7 });
    assert.deepEqual(nodeIds, ['n0', 'n1']);

    const live = await follow(simId);
    assert.equal(live[0]?.event, 'snapshot');
    const snapshot = snapshotSchema.parse(live[0].data);
    const end = streamEndSchema.parse(live.at(-1)?.data);
    assert.equal(end.outcome, 'pass', end.sentence);
    const events = eventsOf(live).filter(({ seq }) => seq > snapshot.seq);
    for (const event of events) eventSchema.parse(event);
    const seqs = events.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, at) => snapshot.seq + 1 + at),
      'gapless and in order',
    );

    const recorded = recordedSchema.parse(
      await (await studio.post('/api/mesh-sim/record', { simId })).json(),
    );
    assert.equal(recorded.runId, end.runId);
    assert.deepEqual(
      recordedSchema.parse(await (await studio.post('/api/mesh-sim/record', { simId })).json()),
      recorded,
    );

    const evidence = evidenceSchema.parse(
      await (await studio.call(`/api/mesh-sim/${simId}/evidence`)).json(),
    );
    assert.equal(evidence.verdict, 'verified');
    assert.equal(evidence.ledger?.leafHash, recorded.runId);
    const result = evidence.statement?.predicate.meshsim_evidence.result;
    const truth = await studio.post('/api/mesh-sim/record', { simId, result });
    assert.equal(truth.status, 200);
    const lie = { ...result, outcome: 'fail' };
    assert.deepEqual(
      await codeOf(await studio.post('/api/mesh-sim/record', { simId, result: lie })),
      [409, 'result-differs'],
    );

    const download = await studio.call(`/api/mesh-sim/result/${simId}.capsim`);
    assert.match(download.headers.get('content-disposition') ?? '', /\.capsim"$/);
    const verified = await studio.call('/api/verify', {
      method: 'POST',
      body: await download.arrayBuffer(),
    });
    assert.equal(evidenceSchema.parse(await verified.json()).verdict, 'verified');

    const page = provenancePageSchema.parse(await (await studio.call('/api/provenance')).json());
    assert.deepEqual(
      page.runs.map(({ kind, status }) => [kind, status]),
      [
        ['simulation', 'pass'],
        ['pack', 'packed'],
      ],
    );
    assert.equal(page.integrity.status, 'intact');
    const graph = provenanceGraphSchema.parse(
      await (await studio.call('/api/provenance/graph')).json(),
    );
    assert.deepEqual(
      graph.edges.map(({ status }) => status),
      ['proven'],
    );

    const replay = await studio.call(`/api/mesh-sim/${simId}/replay`, { method: 'POST' });
    const again = startedSchema.parse(await replay.json());
    assert.equal(again.replayOf, simId);
    const second = await follow(again.simId);
    assert.deepEqual(snapshotSchema.parse(second[0]?.data).plan, snapshot.plan);
    assert.equal(streamEndSchema.parse(second.at(-1)?.data).outcome, 'pass');
  });

  it('tells a recorded run with the same messages as the live one, and resumes where a client left', async () => {
    const { simId } = await start({ capsuleHash: await studio.pack(), params: TWO_NODES });
    const live = await follow(simId);
    const lastId = live.filter(({ id }) => id !== '').at(-1)?.id ?? '';
    const [generation = '', seq = ''] = lastId.split(':');
    const resumed = await follow(simId, { 'last-event-id': `${generation}:${Number(seq) - 3}` });
    assert.deepEqual(
      eventsOf(resumed).map((event) => event.seq),
      [2, 1, 0].map((back) => Number(seq) - back),
    );

    const foreign = await follow(simId, { 'last-event-id': `other:${seq}` });
    assert.equal(foreign[0]?.event, 'snapshot', 'a place in another stream is no place');

    const recorded = await new Simulations(studio.studio.workspace).events(simId);
    const first = snapshotSchema.parse(foreign[0].data);
    assert.deepEqual(recorded.snapshot().events, first.events);
    assert.deepEqual(recorded.snapshot().packets, first.packets);
  });

  it('takes a place in the stream of an earlier start for no place', async () => {
    const { simId } = await start({ capsuleHash: await studio.pack(), params: TWO_NODES });
    const live = await follow(simId);
    const lastId = live.filter(({ id }) => id !== '').at(-1)?.id ?? '';
    const restarted = new Studio(studio.studio.workspace);
    assert.notEqual(restarted.generation, lastId.split(':')[0]);
    const api = createApi(restarted, { refusal: () => undefined });
    const health = healthSchema.parse(await (await api.request('/api/health')).json());
    assert.equal(health.generation, restarted.generation);
    const headers = { 'last-event-id': lastId };
    const again = await api.request(`/api/mesh-sim/events?simId=${simId}`, { headers });
    const messages = await messagesOf(again);
    assert.equal(messages[0]?.event, 'snapshot');
    assert.ok(messages[0].id.startsWith(`${restarted.generation}:`));
    assert.deepEqual(messages.at(-1)?.data, {
      ...(live.at(-1)?.data as object),
      sentence: 'The run passed and is sealed.',
    });
    await restarted.dispose();
  });

  it('says that it is still there while nothing happens', async () => {
    const { simId } = await start({
      capsuleHash: await studio.pack(),
      params: { ...TWO_NODES, latencyMs: [900, 1_000] },
    });
    const patient = createApi(studio.studio, { refusal: () => undefined, heartbeatMs: 20 });
    const streams = {
      'workspace/events': ': awake',
      [`mesh-sim/events?simId=${simId}`]: ': still',
    };
    for (const [route, comment] of Object.entries(streams)) {
      const response = await patient.request(`/api/${route}`);
      let text = '';
      for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += part;
        if (text.includes(comment)) break;
      }
      assert.ok(text.includes(comment), route);
    }
    studio.studio.simulations.cancel(simId);
  });

  it('answers a repeated request once, and refuses the key for another request', async () => {
    const request = { capsuleHash: await studio.pack(), params: TWO_NODES };
    const headers = { 'idempotency-key': 'a' };
    const [first, second] = await Promise.all([start(request, headers), start(request, headers)]);
    assert.equal(first.simId, second.simId);
    const other = { ...request, seed: 2 };
    assert.deepEqual(await codeOf(await studio.post('/api/mesh-sim/start', other, headers)), [
      422,
      'idempotency-conflict',
    ]);
  });

  it('refuses a second run while one goes on, and cancels without leaving evidence', async () => {
    const request = {
      capsuleHash: await studio.pack(),
      params: { ...TWO_NODES, latencyMs: [400, 500] },
    };
    const { simId } = await start(request);
    const second = await studio.post('/api/mesh-sim/start', request);
    assert.match(await second.clone().text(), new RegExp(simId), 'names the run under way');
    assert.deepEqual(await codeOf(second), [409, 'run-busy']);
    const cancelled = await studio.call(`/api/mesh-sim/${simId}/cancel`, { method: 'POST' });
    assert.equal(cancelled.status, 202);
    assert.equal((await studio.studio.simulations.finished(simId)).outcome, 'cancelled');
    assert.deepEqual(await codeOf(await studio.call(`/api/mesh-sim/result/${simId}`)), [
      409,
      'run-unfinished',
    ]);
    assert.deepEqual(
      await codeOf(await studio.call(`/api/mesh-sim/${simId}/cancel`, { method: 'POST' })),
      [404, 'run-unknown'],
    );
  });

  it('says what is wrong with a request, and with which status', async () => {
    const capsuleHash = await studio.pack();
    const attempts: [object | string, number, string][] = [
      [{}, 400, 'request-invalid'],
      [{ capsuleHash: 'ffff' }, 404, 'capsule-unknown'],
      [{ runId: 'f'.repeat(64) }, 404, 'run-unknown'],
      [{ capsuleHash, nodes: 3 }, 400, 'request-invalid'],
      [{ capsuleHash, params: { nodes: 11 } }, 422, 'plan-invalid'],
      ['x'.repeat(2 ** 20 + 1), 413, 'body-too-large'],
    ];
    for (const [body, status, code] of attempts) {
      assert.deepEqual(await codeOf(await studio.post('/api/mesh-sim/start', body)), [
        status,
        code,
      ]);
    }
    for (const body of ['{"capsuleHash":', 'null', '[]', '"text"', '\u0000']) {
      const response = await studio.call('/api/mesh-sim/start', { method: 'POST', body });
      assert.deepEqual(await codeOf(response), [400, 'request-invalid'], body);
    }
    assert.deepEqual(await codeOf(await studio.call('/api/nowhere')), [404, 'route-unknown']);
    const unknown = '/api/mesh-sim/events?simId=../../x';
    assert.deepEqual(await codeOf(await studio.call(unknown)), [404, 'run-unknown']);
  });
});
