import assert from 'node:assert/strict';
import {
  blob,
  createTinyProduct,
  healthyService,
  type TinyProduct,
} from '../../support/tinyProduct.ts';
import { eventsOf, ON_HOST, rehearse } from '../../support/realRun.ts';
import { isViolated } from '../../../src/model/invariants.ts';

describe('runtime/real: content that is not what was signed', () => {
  let tiny: TinyProduct;
  /** The same with a service that is not what drifts. */
  let both: TinyProduct;
  before(async () => {
    const plain = healthyService('api');
    const api = { ...plain, files: { ...plain.files, 'data.txt': blob(300_000) } };
    tiny = await createTinyProduct([api]);
    both = await createTinyProduct([api, healthyService('web', { dependsOn: ['api'] })]);
  });
  after(async () => {
    await tiny.dispose();
    await both.dispose();
  });

  async function drift() {
    const { capsule, commit } = await both.driftedAt('api', 'data.txt', blob(300_000, 2));
    return {
      plan: { drift: [{ node: 'n2', service: 'api', commit }] },
      drifted: new Map([['n2', capsule]]),
    };
  }

  it('halts a drifted node in verify; it starts nothing and relays nothing', async () => {
    const { plan, drifted } = await drift();
    const { observation, events } = await rehearse(
      both,
      { ...plan, params: { nodes: 4, latencyMs: [1, 5] } },
      { ...ON_HOST, drifted },
    );
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /n2.*signature mismatch.*api/);
    const report = observation.nodeReports[2];
    assert.equal(report?.signatureVerified, false);
    assert.deepEqual(report.phases.at(-1)?.name, 'verify');
    assert.deepEqual(
      eventsOf(events, 'service').filter(({ nodeId }) => nodeId === 'n2'),
      [],
    );
    assert.deepEqual(
      eventsOf(events, 'chunk').filter(({ from }) => from === 'n2'),
      [],
    );
    for (const node of [0, 1, 3]) {
      assert.equal(observation.nodeReports[node]?.phases.at(-1)?.status, 'ok');
    }
  });

  it('lets the drift in without verification, and finds it by what the node runs', async () => {
    const { plan, drifted } = await drift();
    const { observation } = await rehearse(
      both,
      { ...plan, params: { nodes: 3, latencyMs: [1, 5], verifySignatures: false } },
      { ...ON_HOST, drifted },
    );
    assert.equal(observation.outcome, 'fail');
    const failed = observation.invariants.filter(isViolated);
    assert.deepEqual(
      failed.map(({ name }) => name),
      ['runs-signed-content'],
    );
    assert.match(failed[0]?.details ?? '', /n2.*api/);
  });

  it('refuses an altered Capsule of a byzantine node; the others finish from each other', async () => {
    const { observation, events } = await rehearse(
      tiny,
      { params: { nodes: 4, latencyMs: [1, 5] }, chaos: { preset: 'byzantine-node' } },
      ON_HOST,
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.ok(eventsOf(events, 'refusal').length > 0, 'somebody refused something');
    const relayed = observation.invariants.find(({ name }) => name === 'refused-never-relayed');
    assert.equal(relayed?.observed, 'held');
  });

  it('refuses chunks that were damaged on their way and gets them again', async () => {
    const { observation, events } = await rehearse(
      tiny,
      { params: { nodes: 3, latencyMs: [1, 5] }, chaos: { preset: 'corrupt-chunk' } },
      ON_HOST,
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    const refused = eventsOf(events, 'refusal').filter(({ status }) => status === 'chunk');
    assert.ok(refused.length > 0);
  });

  it('finishes after a partition has healed', async () => {
    const { observation, events } = await rehearse(
      tiny,
      {
        params: { nodes: 4, latencyMs: [1, 5] },
        chaos: {
          faults: [
            {
              when: { node: 'n2', phase: 'receive', progress: 0 },
              do: { partition: { from: ['n0', 'n1'], to: ['n2', 'n3'] }, healAfterMs: 500 },
            },
          ],
        },
      },
      ON_HOST,
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.deepEqual(
      eventsOf(events, 'fault').map(({ status }) => status),
      ['fired', 'healed'],
    );
    assert.ok(observation.network.links.some(({ unreachable }) => unreachable > 0));
  });

  it('fails a service that changes its own signed files while it runs', async () => {
    const api = healthyService('api');
    const own = `import { appendFileSync } from 'node:fs';\nappendFileSync('data.txt', 'x');\n`;
    const changing = await createTinyProduct([
      {
        ...api,
        files: { 'server.mjs': own + (api.files?.['server.mjs'] ?? ''), 'data.txt': 'a' },
      },
    ]);
    const { observation } = await rehearse(changing);
    await changing.dispose();
    assert.equal(observation.outcome, 'fail');
    const content = observation.invariants.find(({ name }) => name === 'runs-signed-content');
    assert.equal(content?.observed, 'violated');
  });
});
