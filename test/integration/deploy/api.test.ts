import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Problem } from '../../../src/model/api.ts';
import { startedSchema } from '../../../src/model/api.ts';
import { provenanceGraphSchema } from '../../../src/model/provenanceApi.ts';
import {
  deployEventSchema,
  deployStartedSchema,
  environmentListSchema,
} from '../../../src/model/deployApi.ts';
import { createStudioServer, messagesOf, type StudioServer } from '../../support/studioServer.ts';

const gate = { allowDegraded: true };
const target = { kind: 'directory', path: '../prod' };

describe('deploying over the API', () => {
  let studio: StudioServer;
  let capsuleHash: string;
  beforeEach(async () => {
    studio = await createStudioServer();
    capsuleHash = await studio.pack();
    await describeProduction({});
  });
  afterEach(() => studio.dispose());

  const describeProduction = (more: object) =>
    writeFile(
      path.join(studio.folder, 'mesh.environments.json'),
      JSON.stringify({ environments: { production: { production: true, gate, target, ...more } } }),
    );
  const environment = async () => {
    const answer = await studio.call(`/api/environments?capsule=${capsuleHash}`);
    const list = environmentListSchema.parse(await answer.json());
    assert.ok(list.environments[0] !== undefined);
    return list.environments[0];
  };
  const order = () => ({ environment: 'production', capsuleHash });
  const follow = async (deployId: string, headers: Record<string, string> = {}) => {
    const answer = await studio.call(`/api/deploy/${deployId}/events`, { headers });
    return (await messagesOf(answer)).map(({ data }) => deployEventSchema.parse(data));
  };

  it('tells why it would be refused, runs what the gate needs, deploys, and shows the chain', async () => {
    const { preview, release, policy } = await environment();
    assert.deepEqual([preview?.decision.decision, preview?.canBreakGlass], ['deny', false]);
    assert.match(preview?.reasons.join() ?? '', /no sealed rehearsal/);
    assert.deepEqual([release, policy?.minNodes], [undefined, 3]);
    const refused = await studio.post('/api/deploy', order());
    assert.equal(refused.status, 403);
    const problem = (await refused.json()) as Problem;
    assert.equal(problem.code, 'gate-refused');
    assert.match(problem.detail, /no sealed rehearsal/);

    const started = await studio.post('/api/mesh-sim/start', preview?.needs);
    assert.equal(started.status, 202);
    await studio.studio.simulations.finished(startedSchema.parse(await started.json()).simId);
    assert.equal((await environment()).preview?.decision.decision, 'allow');

    const accepted = await studio.post('/api/deploy', order());
    assert.equal(accepted.status, 202);
    const { deployId, decision } = deployStartedSchema.parse(await accepted.json());
    assert.equal(decision?.decision, 'allow');
    const events = await follow(deployId);
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.status === 'deployed', JSON.stringify(end));
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.step] : []));
    assert.deepEqual(steps, ['materialise', 'activate', 'health']);
    assert.deepEqual(await follow(deployId, { 'last-event-id': String(events.length - 2) }), [end]);
    assert.equal((await environment()).release?.capsuleHash, capsuleHash);

    const graph = await studio.call(`/api/provenance/graph?capsule=${capsuleHash}`);
    const { nodes } = provenanceGraphSchema.parse(await graph.json());
    assert.deepEqual(
      nodes.map(({ kind, status }) => `${kind} ${status}`),
      [
        'deploy proven',
        'gate-decision proven',
        'evidence proven',
        'gate-decision refused',
        'capsule proven',
      ],
    );
    const svg = await studio.call('/api/provenance/graph.svg');
    assert.equal(svg.headers.get('content-type'), 'image/svg+xml');
    assert.match(await svg.text(), /^<svg/);
  });

  it('can be cancelled, refuses a second deploy meanwhile, and leaves nothing half done', async () => {
    const marker = path.join(studio.folder, '../marker');
    const run = `[ "$MESH_SIM_ACTION" = rollback ] || { touch '${marker}'; sleep 300; }`;
    await describeProduction({
      production: false,
      gate: undefined,
      target: { ...target, activate: { run } },
    });
    const accepted = await studio.post('/api/deploy', order());
    const { deployId } = deployStartedSchema.parse(await accepted.json());
    while (!existsSync(marker)) await setTimeout(20);
    assert.equal((await environment()).deploying, deployId);
    const second = await studio.post('/api/deploy', order());
    assert.equal(second.status, 409);
    assert.match(((await second.json()) as Problem).detail, new RegExp(capsuleHash.slice(0, 12)));
    const cancelled = await studio.post(`/api/deploy/${deployId}/cancel`, {});
    assert.equal(cancelled.status, 202);
    const end = (await follow(deployId)).at(-1);
    assert.ok(end?.type === 'end' && end.status === 'cancelled', JSON.stringify(end));
    assert.equal(end.record?.active, undefined);
    assert.equal((await studio.post(`/api/deploy/${deployId}/cancel`, {})).status, 404);
  });

  it('answers what it cannot do with a problem', async () => {
    const status = async (route: string, body: unknown) => (await studio.post(route, body)).status;
    assert.equal(await status('/api/deploy', { ...order(), environment: 'moon' }), 404);
    assert.equal(await status('/api/deploy', { ...order(), capsuleHash: 'abcdef' }), 404);
    assert.equal(await status('/api/deploy', { ...order(), breakGlass: 'now' }), 400);
    assert.equal(await status('/api/deploy', { environment: 'production' }), 400);
    assert.equal(await status('/api/deploy/rollback', { environment: 'production' }), 422);
    assert.equal((await studio.call('/api/deploy/none/events')).status, 404);
    await writeFile(path.join(studio.folder, 'mesh.environments.json'), '{');
    assert.equal((await studio.call('/api/environments')).status, 422);
  });

  it('deploys nothing in a workspace that is not trusted, and still shows the gates', async () => {
    const restricted = await createStudioServer('This workspace is not trusted.');
    try {
      const refused = await restricted.post('/api/deploy', order());
      assert.equal(refused.status, 403);
      assert.equal((await restricted.post('/api/deploy/rollback', order())).status, 403);
      assert.equal((await restricted.call('/api/environments')).status, 200);
    } finally {
      await restricted.dispose();
    }
  });
});
