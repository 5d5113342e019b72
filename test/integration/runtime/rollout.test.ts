import assert from 'node:assert/strict';
import {
  blob,
  createTinyProduct,
  healthyService,
  type TinyProduct,
  type TinyService,
} from '../../support/tinyProduct.ts';
import { eventsOf, ON_HOST, rehearse, type RealRun } from '../../support/realRun.ts';

/** With enough content for some twenty chunks. */
function api(): TinyService {
  const service = healthyService('api');
  return { ...service, files: { ...service.files, 'data.txt': blob(1_000_000) } };
}

describe('runtime/real: a rollout on real processes', () => {
  let tiny: TinyProduct;
  before(async () => {
    tiny = await createTinyProduct([api()]);
  });
  after(() => tiny.dispose());

  describe('of two services that need each other', () => {
    let both: TinyProduct;
    let run: RealRun;
    before(async () => {
      both = await createTinyProduct([healthyService('web', { dependsOn: ['api'] }), api()]);
      run = await rehearse(both, { params: { nodes: 2, latencyMs: [20, 30] } }, ON_HOST);
    });
    after(() => both.dispose());

    it('gets two nodes READY, measures their links and passes', () => {
      const { observation } = run;
      assert.equal(observation.outcome, 'pass', observation.cause);
      const [forth = 0, back = 0] = [
        observation.latencyMatrix[0]?.[1],
        observation.latencyMatrix[1]?.[0],
      ];
      assert.ok(forth >= 20 && back >= 20, `measured ${forth} and ${back} ms`);
      assert.ok(observation.nodeReports.every(({ signatureVerified }) => signatureVerified));
      assert.deepEqual(
        observation.nodeReports.map(({ phases }) => phases.map(({ name }) => name)),
        Array(2).fill(['boot', 'verify', 'receive', 'start', 'healthy']),
      );
    });

    it('starts a service only after the ones it depends on are healthy', () => {
      for (const node of ['n0', 'n1']) {
        const states = eventsOf(run.events, 'service')
          .filter(({ nodeId }) => nodeId === node)
          .map(({ service, status }) => `${service} ${status}`);
        assert.ok(
          states.indexOf('api healthy') < states.indexOf('web starting'),
          states.join(', '),
        );
      }
    });

    it('asks nobody for services that promise nothing', () => {
      assert.deepEqual(run.observation.indicators, []);
      assert.deepEqual(eventsOf(run.events, 'probes'), []);
    });
  });

  it('survives a crash in the middle of the deploy and keeps what was on the disk', async () => {
    const plan = {
      params: { nodes: 3, latencyMs: [40, 80] as [number, number], packetLoss: 4 },
      chaos: { preset: 'crash-mid-deploy' as const },
    };
    const { observation } = await rehearse(tiny, plan, ON_HOST);
    assert.equal(observation.outcome, 'pass', observation.cause);
    const crashed = observation.recovery.find(({ crashes }) => crashes > 0);
    assert.ok(crashed !== undefined && crashed.kept > 0, JSON.stringify(observation.recovery));
    assert.ok(observation.network.links.some(({ dropped }) => dropped > 0));
  });

  it('runs on a ring with a rate on every uplink', async () => {
    const plan = {
      params: { nodes: 4, latencyMs: [2, 4] as [number, number] },
      topology: { kind: 'ring' as const },
      bandwidth: { model: 'uplink' as const, mbps: 50 },
    };
    const { observation } = await rehearse(tiny, plan, ON_HOST);
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(observation.network.bandwidthModel, 'uplink');
    // n0 alone has to put 1 MB on its 50 Mbit/s uplink once.
    assert.ok(
      observation.network.disseminationMs > 150,
      `${observation.network.disseminationMs} ms`,
    );
  });

  it('makes the same decision for the same packet in two runs', async () => {
    const plan = { params: { nodes: 2, latencyMs: [5, 25] as [number, number], packetLoss: 10 } };
    const [first, second] = [await decisionsOf(plan), await decisionsOf(plan)];
    const shared = [...first.keys()].filter((key) => second.has(key));
    assert.ok(shared.length > 50, `${shared.length} packets are in both runs`);
    for (const key of shared) assert.equal(first.get(key), second.get(key), key);
  });

  /** (link, flow, number) → what the model decided. A peer that was still down says nothing about the decision. */
  async function decisionsOf(plan: Parameters<typeof rehearse>[1]): Promise<Map<string, string>> {
    const { events } = await rehearse(tiny, plan, ON_HOST);
    const decisions = new Map<string, string>();
    for (const { packets } of eventsOf(events, 'packets')) {
      packets.number.forEach((number, i) => {
        const outcome = packets.outcome[i] === 1 ? 'lost' : 'delivered';
        const key = `${packets.link[i]}/${packets.flow[i]}/${number}`;
        decisions.set(key, `${outcome} ${packets.configured[i]}`);
      });
    }
    return decisions;
  }
});
