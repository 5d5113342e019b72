import assert from 'node:assert/strict';
import type { MeshEvent } from '../../../src/model/events.ts';
import { eventSchema } from '../../../src/model/events.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import { runVirtual } from '../../../src/runtime/virtual/run.ts';
import { isMeshSimError } from '../../support/errorCode.ts';
import { rehearse, virtualOptions, virtualPlan } from '../../support/virtualPlans.ts';
import { isViolated } from '../../../src/model/invariants.ts';

const DRIFT = [{ node: 'n2', service: 'orders', commit: 'abcdef12' }];

async function recorded(input: Partial<PlanInput>) {
  const events: MeshEvent[] = [];
  const { observation, summary } = await rehearse(input, { sink: (event) => events.push(event) });
  return { events, observation, summary };
}

function failedInvariants({ invariants }: RunObservation): string[] {
  return invariants.filter(isViolated).map(({ name }) => name);
}

describe('a virtual run', () => {
  it('brings two nodes from boot to healthy, phase after phase', async () => {
    const { observation } = await recorded({ params: { nodes: 2 } });
    assert.equal(observation.outcome, 'pass');
    for (const { phases, signatureVerified } of observation.nodeReports) {
      assert.ok(signatureVerified);
      assert.deepEqual(
        phases.map(({ name, status }) => `${name} ${status}`),
        ['boot ok', 'verify ok', 'receive ok', 'start ok', 'healthy ok'],
      );
      phases
        .slice(1)
        .forEach((phase, index) => assert.ok(phase.start >= (phases[index]?.end ?? '')));
    }
  });

  it('tells of one-shot services that they are done, and not that they are up', async () => {
    const told: string[] = [];
    const sink = (event: MeshEvent) => {
      if (event.type === 'service') told.push(`${event.nodeId} ${event.service} ${event.status}`);
    };
    await rehearse({ params: { nodes: 2 } }, { oneShots: ['gateway'], sink });
    assert.ok(told.includes('n1 gateway done') && told.includes('n1 orders healthy'));
    assert.ok(!told.includes('n1 gateway healthy'));
  });

  it('measures the latency of every pair, also of those that are not linked', async () => {
    const { observation } = await recorded({
      params: { nodes: 5, latencyMs: [20, 20] },
      topology: { kind: 'ring' },
    });
    assert.deepEqual(observation.latencyMatrix[0], [0, 20, 40, 40, 20]);
  });

  it('writes events of the schema, gapless and in order of time', async () => {
    const { events } = await recorded({
      params: { nodes: 4, packetLoss: 10 },
      chaos: { preset: 'crash-mid-deploy' },
    });
    let last = 0;
    events.forEach((event, seq) => {
      assert.equal(eventSchema.parse(event).seq, seq);
      assert.ok(event.at >= last);
      last = event.at;
    });
  });

  it('makes the same decisions in 20 runs of a plan, and the same events byte for byte', async () => {
    const digests = new Set<string>();
    for (let run = 0; run < 20; run++) {
      const { observation, summary } = await rehearse({
        params: { nodes: 5, packetLoss: 8 },
        seed: 609,
        chaos: { preset: 'crash-mid-deploy' },
      });
      const { network, events } = observation;
      digests.add(`${network.decisionsDigest} ${events.digest} ${summary.traceHash}`);
    }
    assert.equal(digests.size, 1);
  });

  it('makes other decisions with another seed', async () => {
    const digests = await Promise.all(
      [1, 2].map(async (seed) => {
        const { observation } = await rehearse({ params: { nodes: 3 }, seed });
        return observation.network.decisionsDigest;
      }),
    );
    assert.notEqual(digests[0], digests[1]);
  });

  for (const preset of CHAOS_PRESETS) {
    it(`of ten nodes passes with chaos "${preset}"`, async () => {
      const { observation } = await rehearse({
        params: { nodes: 10, latencyMs: [50, 150], packetLoss: 5 },
        chaos: { preset },
      });
      assert.equal(observation.outcome, 'pass', observation.cause);
    });
  }

  it('keeps what a crashed node had on disk and reports the attempt the crash ended', async () => {
    const { observation } = await recorded({
      params: { nodes: 5, latencyMs: [40, 180], packetLoss: 4 },
      chaos: { preset: 'crash-mid-deploy' },
    });
    const recovery = observation.recovery[3];
    assert.equal(recovery?.crashes, 1);
    assert.ok(recovery.kept >= 9, `kept ${recovery.kept}`);
    const crashed = observation.nodeReports[3]?.phases.find(({ status }) => status === 'error');
    assert.equal(crashed?.name, 'receive');
    assert.match(crashed.details ?? '', /Fault 0 killed n3/);
  });

  it('halts a drifted node in verify: it starts nothing, relays nothing, and the others finish', async () => {
    const { events, observation } = await recorded({ params: { nodes: 5 }, drift: DRIFT });
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /n2 .*orders abcdef12/);
    const phases = observation.nodeReports[2]?.phases.map(
      ({ name, status }) => `${name} ${status}`,
    );
    assert.deepEqual(phases, ['boot ok', 'verify error']);
    assert.equal(observation.nodeReports[2]?.signatureVerified, false);
    assert.ok(!events.some((event) => event.type === 'service' && event.nodeId === 'n2'));
    assert.ok(!events.some((event) => event.type === 'chunk' && event.from === 'n2'));
    assert.deepEqual(failedInvariants(observation), []);
    assert.equal(observation.nodeReports[4]?.phases.at(-1)?.name, 'healthy');
  });

  it('lets drift in when signatures are not verified, and finds it by the invariant', async () => {
    const { observation } = await recorded({
      params: { nodes: 5, verifySignatures: false },
      drift: DRIFT,
    });
    assert.deepEqual(failedInvariants(observation), ['runs-signed-content']);
    assert.equal(observation.outcome, 'fail');
    assert.match(observation.cause ?? '', /n2 .*"orders"/);
    assert.ok(observation.nodeReports.every(({ signatureVerified }) => !signatureVerified));
  });

  it('refuses a byzantine node for good and takes the content from others', async () => {
    const { events, observation } = await recorded({
      params: { nodes: 5 },
      chaos: { preset: 'byzantine-node' },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.ok(events.some((event) => event.type === 'refusal' && event.from === 'n3'));
    assert.ok(!events.some((event) => event.type === 'chunk' && event.from === 'n3'));
  });

  it('lets altered content in when signatures are not verified, and finds it by the invariant', async () => {
    const { observation } = await recorded({
      params: { nodes: 3, latencyMs: [20, 20], verifySignatures: false },
      topology: { kind: 'star', centre: 'n1' },
      chaos: { faults: [{ when: { atMs: 0 }, do: { byzantine: 'n1' } }] },
    });
    assert.deepEqual(failedInvariants(observation), ['runs-signed-content']);
  });

  it('halts a node whose every neighbour relays altered content', async () => {
    const { observation } = await recorded({
      params: { nodes: 3 },
      topology: { kind: 'star', centre: 'n1' },
      chaos: { faults: [{ when: { atMs: 0 }, do: { byzantine: 'n1' } }] },
    });
    assert.match(observation.cause ?? '', /n2 halted: every neighbour/);
  });

  it('fails when a node stays down, naming it', async () => {
    const { observation } = await recorded({
      params: { nodes: 4 },
      chaos: {
        faults: [{ when: { node: 'n1', phase: 'healthy', progress: 1 }, do: { kill: 'n1' } }],
      },
    });
    assert.equal(observation.outcome, 'fail');
    assert.deepEqual(failedInvariants(observation), []);
    assert.equal(observation.nodeReports[1]?.phases.at(-1)?.status, 'error');
    assert.match(observation.cause ?? '', /n1/);
  });

  it('fails when the deadline comes first', async () => {
    const { observation } = await recorded({
      params: { nodes: 3, latencyMs: [900, 900] },
      deadlineMs: 1500,
    });
    assert.equal(observation.outcome, 'fail');
    assert.deepEqual(failedInvariants(observation), ['converged']);
  });

  it('fails when a fault of its schedule was never exercised', async () => {
    const { observation } = await recorded({
      params: { nodes: 3 },
      chaos: {
        faults: [
          { when: { atMs: 0 }, do: { kill: 'n2' } },
          { when: { afterFault: 0, delayMs: 0 }, do: { byzantine: 'n1' } },
        ],
      },
    });
    assert.deepEqual(failedInvariants(observation), ['converged']);
  });

  it('of 1,000 nodes becomes ready everywhere and has no events per packet', async () => {
    const { events, observation, summary } = await recorded({
      params: { nodes: 1000, packetLoss: 2 },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(summary.ready, 1000);
    assert.deepEqual(observation.nodeReports, []);
    assert.ok(!events.some(({ type }) => type === 'packets' || type === 'chunk'));
  });

  it('stops when it is told to, and seals nothing', async () => {
    const events: MeshEvent[] = [];
    const aborted = AbortSignal.abort();
    const options = virtualOptions(virtualPlan({ params: { nodes: 1000 } }), {
      signal: aborted,
      sink: (event) => events.push(event),
    });
    await assert.rejects(runVirtual(options), isMeshSimError('interrupted', /interrupted/));
    assert.deepEqual(events.at(-1)?.type === 'run' && events.at(-1), {
      ...events.at(-1),
      status: 'cancelled',
    });
  });
});

describe('a rollout against its lower bound', () => {
  const content = { chunkSizes: new Array<number>(128).fill(64 * 1024) };

  it('comes within 1.06 of it over shared uplinks without loss', async () => {
    const { observation } = await rehearse(
      { params: { nodes: 10, latencyMs: [50, 50] }, bandwidth: { model: 'uplink', mbps: 10 } },
      content,
    );
    const { disseminationMs, lowerBoundMs } = observation.network;
    assert.ok(disseminationMs <= 1.06 * lowerBoundMs, `${disseminationMs} ms, ${lowerBoundMs} ms`);
    assert.ok(disseminationMs >= lowerBoundMs, 'a bound is a bound');
  });

  it('comes within 1.2 of it over links of their own, where all are busy all the time', async () => {
    const { observation } = await rehearse(
      { params: { nodes: 10, latencyMs: [0, 0] }, bandwidth: { model: 'link', mbps: 10 } },
      content,
    );
    const { disseminationMs, lowerBoundMs } = observation.network;
    assert.ok(disseminationMs <= 1.2 * lowerBoundMs, `${disseminationMs} ms, ${lowerBoundMs} ms`);
  });

  it('comes within 1.3 of it with 10 % loss', async () => {
    const { observation } = await rehearse(
      {
        params: { nodes: 10, latencyMs: [150, 150], packetLoss: 10 },
        bandwidth: { model: 'uplink', mbps: 10 },
      },
      content,
    );
    const { disseminationMs, lowerBoundMs } = observation.network;
    assert.ok(disseminationMs <= 1.3 * lowerBoundMs, `${disseminationMs} ms, ${lowerBoundMs} ms`);
  });
});
