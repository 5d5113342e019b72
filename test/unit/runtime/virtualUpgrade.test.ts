import assert from 'node:assert/strict';
import { eventSchema, type MeshEvent } from '../../../src/model/events.ts';
import { isViolated } from '../../../src/model/invariants.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import type { Fault, PlanInput } from '../../../src/model/plan.ts';
import { OLD_HASH, runUpgrade } from '../../support/upgradePlans.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const UPGRADE = {
  from: OLD_HASH,
  strategy: { kind: 'rolling', batch: 1, pauseMs: 200 },
  order: 'listed',
  rollback: 'never',
  workloadMs: 300,
} as const satisfies PlanInput['upgrade'];

async function recorded(input: Partial<PlanInput> = {}, changes = {}) {
  const events: MeshEvent[] = [];
  const plan = virtualPlan({ params: { nodes: 3 }, upgrade: UPGRADE, ...input });
  const sink = (event: MeshEvent) => events.push(eventSchema.parse(event));
  const { observation } = await runUpgrade(plan, { sink, ...changes });
  return { events, observation };
}

function phasesOf({ nodeReports }: RunObservation, node: number): string {
  return nodeReports[node]!.phases.map(({ name, status }) => `${name} ${status}`).join(', ');
}

const violated = ({ invariants }: RunObservation) =>
  invariants.filter(isViolated).map(({ name, details }) => `${name}: ${details}`);

const FIRST = 'boot ok, verify ok, receive ok, start ok, healthy ok';
const MOVE = 'stop ok, migrate ok, start ok, healthy ok';

const kill = (when: Fault['when'], node = 'n1', restartAfterMs = 300): Fault => {
  return { when, do: { kill: node, restartAfterMs } };
};

describe('an upgrade in virtual time', () => {
  it('runs the old Capsule on all nodes, spreads the new one while that serves, and moves node after node', async () => {
    const { events, observation } = await recorded();
    assert.deepEqual(violated(observation), []);
    assert.equal(observation.outcome, 'pass');
    for (const node of [0, 1, 2]) assert.equal(phasesOf(observation, node), `${FIRST}, ${MOVE}`);
    const at = (is: (event: MeshEvent) => boolean) => events.find(is)!.at;
    const before = at((event) => event.type === 'window');
    const firstChunk = at(({ type }) => type === 'chunk');
    const firstStop = at((event) => event.type === 'phase' && event.phase === 'stop');
    assert.ok(before < firstChunk && firstChunk < firstStop);
    const { upgrade } = observation;
    assert.deepEqual(upgrade?.order, [{ to: 'new', waves: [['n0'], ['n1'], ['n2']] }]);
    assert.deepEqual(
      upgrade.windows.map(({ window }) => window),
      ['before', 'mixed', 'after'],
    );
    assert.deepEqual(
      upgrade.waves.map(({ index, leg, nodes, outcome }) => [index, leg, ...nodes, outcome]),
      [
        [1, 0, 'n0', 'ok'],
        [2, 0, 'n1', 'ok'],
        [3, 0, 'n2', 'ok'],
      ],
    );
    assert.equal(upgrade.outcome, 'completed');
  });

  it('starts what comes beside what serves, switches when all are healthy, and stops what served after that', async () => {
    const { events, observation } = await recorded({
      upgrade: { ...UPGRADE, strategy: { kind: 'blue-green' }, rollback: 'after-all' },
    });
    assert.deepEqual(violated(observation), []);
    const move = 'migrate ok, start ok, healthy ok, stop ok, healthy ok';
    for (const node of [0, 1, 2]) {
      assert.equal(phasesOf(observation, node), [FIRST, move, move, move].join(', '));
    }
    const waves = observation.upgrade?.waves ?? [];
    assert.equal(waves.length, 3);
    for (const { startMs, switchedMs = 0, endMs } of waves) {
      const within = (event: MeshEvent) => startMs <= event.at && event.at <= (endMs ?? 0);
      const phases = events.flatMap((event) =>
        event.type === 'phase' && within(event) ? [event] : [],
      );
      const stops = phases.filter(({ phase, status }) => phase === 'stop' && status === 'started');
      const starts = phases.filter(({ phase, status }) => phase === 'start' && status === 'ok');
      assert.ok(starts.every(({ at }) => at <= switchedMs) && starts.length === 3);
      assert.ok(stops.every(({ at }) => at >= switchedMs) && stops.length === 3);
    }
  });

  it('goes back and forth, and says why, when and how far', async () => {
    const { observation } = await recorded({ upgrade: { ...UPGRADE, rollback: 'after-half' } });
    assert.equal(observation.outcome, 'pass');
    assert.equal(phasesOf(observation, 0), [FIRST, MOVE, MOVE, MOVE].join(', '));
    assert.equal(phasesOf(observation, 2), [FIRST, MOVE].join(', '));
    const { upgrade } = observation;
    assert.deepEqual(upgrade?.rollback, {
      planned: 'after-half',
      reason: 'The plan goes back after 2 of 3 waves.',
    });
    assert.deepEqual(
      upgrade.windows.map(({ window }) => window),
      ['before', 'mixed', 'rolled-back', 'mixed', 'after'],
    );
    upgrade.windows.slice(1).forEach(({ startMs }, index) => {
      assert.equal(startMs, upgrade.windows[index]!.endMs);
    });
  });

  it('starts the services of the Capsule that a node runs', async () => {
    const { events } = await recorded({}, { before: { services: ['legacy'] } });
    const started = events.flatMap((event) =>
      event.type === 'service' && event.nodeId === 'n1' ? [event] : [],
    );
    assert.deepEqual(
      started.map(({ service, status, version }) => `${version} ${service} ${status}`),
      [
        ...['old legacy starting', 'old legacy healthy', 'old legacy stopped'],
        ...['new gateway starting', 'new gateway healthy'],
        ...['new orders starting', 'new orders healthy'],
      ],
    );
  });

  it('is the same in every run of a plan, byte for byte', async () => {
    const chaos = { faults: [kill({ wave: 2 })] };
    const digests = new Set<string>();
    for (let run = 0; run < 3; run++) {
      const { observation } = await recorded({ chaos, params: { nodes: 3, packetLoss: 5 } });
      digests.add(observation.events.digest);
    }
    assert.equal(digests.size, 1);
  });

  it('lets a node that offers other content keep the old Capsule, and fails', async () => {
    const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];
    const { observation, events } = await recorded({ drift });
    const sentence =
      'n1 halted in verify, signature mismatch: orders abcdef12 is not the signed commit.';
    assert.deepEqual(violated(observation), [`upgraded-runs-signed-content: ${sentence}`]);
    assert.equal(observation.outcome, 'fail');
    assert.equal(observation.cause, sentence);
    assert.equal(phasesOf(observation, 1), FIRST);
    assert.equal(observation.upgrade?.outcome, 'incomplete');
    assert.deepEqual(observation.upgrade.halted, [{ nodeId: 'n1', details: sentence }]);
    assert.ok(!events.some((event) => event.type === 'node' && event.status === 'halted'));
    const moved = observation.upgrade.waves.flatMap(({ nodes }) => nodes);
    assert.deepEqual(moved, ['n0', 'n2']);
  });

  it('finds what was let in unsigned when signatures are not checked', async () => {
    const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];
    const params = { nodes: 3, verifySignatures: false };
    const { observation } = await recorded({ drift, params });
    assert.deepEqual(
      observation.invariants.filter(isViolated).map(({ name }) => name),
      ['runs-signed-content', 'upgraded-runs-signed-content'],
    );
  });

  it('keeps what a byzantine node relays from ever running', async () => {
    const faults: Fault[] = [{ when: { atMs: 0 }, do: { byzantine: 'n2' } }];
    const { observation } = await recorded({ params: { nodes: 5 }, chaos: { faults } });
    assert.deepEqual(violated(observation), []);
    assert.ok(observation.recovery.some(({ refused }) => refused > 0));
  });

  it('lets a node whose neighbours all lie keep the old Capsule', async () => {
    const faults: Fault[] = [{ when: { atMs: 0 }, do: { byzantine: 'n1' } }];
    const topology = { kind: 'star', centre: 'n1' } as const;
    const { observation } = await recorded({ topology, chaos: { faults } });
    const details = 'n2 halted: every neighbour sent content that does not match the signature.';
    assert.deepEqual(observation.upgrade?.halted, [{ nodeId: 'n2', details }]);
    assert.deepEqual(violated(observation), [`upgraded-runs-signed-content: ${details}`]);
    assert.equal(phasesOf(observation, 2), FIRST);
  });

  it('moves a node again that was killed in its wave, and waits for it', async () => {
    const { observation, events } = await recorded({ chaos: { faults: [kill({ wave: 2 })] } });
    assert.deepEqual(violated(observation), []);
    assert.equal(phasesOf(observation, 1), `${FIRST}, healthy error, ${FIRST}, ${MOVE}`);
    const restart = events.find((event) => event.type === 'node' && event.status === 'restarted');
    assert.equal(restart?.type === 'node' && restart.runs, 'old');
  });

  it('leaves a node on one verified Capsule, whichever phase of its move a kill falls into', async () => {
    const ended = new Set<string | undefined>();
    for (let delayMs = 0; delayMs < 500; delayMs += 20) {
      const begun: Fault = { when: { wave: 2 }, do: { slow: 'n0', factor: 2 } };
      const faults = [begun, kill({ afterFault: 0, delayMs })];
      const { observation } = await recorded({ chaos: { faults } });
      assert.deepEqual(violated(observation), [], `killed after ${delayMs} ms`);
      const { phases } = observation.nodeReports[1]!;
      ended.add(phases.find(({ status }) => status === 'error')?.name);
    }
    assert.deepEqual([...ended].sort(), ['healthy', 'migrate', 'start', 'stop']);
  });

  it('has a node that was killed after its wave come back on the new Capsule', async () => {
    const faults = [kill({ upgrade: 'done' })];
    const { observation, events } = await recorded({ chaos: { faults } });
    assert.deepEqual(violated(observation), []);
    assert.equal(phasesOf(observation, 1), `${FIRST}, ${MOVE}, healthy error, ${FIRST}`);
    const restart = events.find((event) => event.type === 'node' && event.status === 'restarted');
    assert.equal(restart?.type === 'node' && restart.runs, 'new');
  });

  it('does not need a neighbour for what a node holds already: the only one has halted', async () => {
    const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];
    const faults = [kill({ wave: 1 }, 'n0')];
    const { observation } = await recorded({ params: { nodes: 2 }, drift, chaos: { faults } });
    assert.equal(observation.upgrade?.outcome, 'incomplete');
    assert.deepEqual(
      observation.upgrade.waves.map(({ nodes }) => nodes),
      [['n0']],
    );
  });

  it('does not end well without a node that stays down, and says whom it waited for', async () => {
    const faults: Fault[] = [{ when: { wave: 2 }, do: { kill: 'n1' } }];
    const { observation } = await recorded({ chaos: { faults } });
    assert.equal(observation.outcome, 'fail');
    assert.equal(observation.upgrade?.outcome, 'unfinished');
    assert.ok(
      violated(observation).includes(
        'upgraded-runs-signed-content: The upgrade was not finished when the run ended: it waited for n1.',
      ),
    );
    assert.ok(Date.parse(observation.endedAt) - Date.parse(observation.startedAt) < 10_000);
  });

  it('lets faults wait for what nodes receive of the new Capsule', async () => {
    const when = { node: 'n1', phase: 'receive', progress: 0.5 } as const;
    const { observation } = await recorded({ chaos: { faults: [kill(when)] } });
    assert.deepEqual(violated(observation), []);
    const [report] = observation.faults;
    assert.equal(report?.effect === 'kill' && report.held > 0 && report.held < 3, true);
  });

  it('says how many packets of the new Capsule were damaged or cut off like any run', async () => {
    const partition = { from: ['n2'], to: ['n0', 'n1'], oneWay: false };
    const faults: Fault[] = [{ when: { atMs: 0 }, do: { partition, healAfterMs: 2000 } }];
    const { observation } = await recorded({ chaos: { faults } });
    assert.deepEqual(violated(observation), []);
    assert.ok(observation.upgrade!.waves[0]!.startMs > 2000);
  });

  it('upgrades meshes of which no node is reported', async () => {
    const { observation } = await recorded({
      params: { nodes: 200, latencyMs: [5, 20] },
      upgrade: { ...UPGRADE, strategy: { kind: 'rolling', batch: 50, pauseMs: 0 } },
    });
    assert.equal(observation.outcome, 'pass');
    assert.equal(observation.upgrade?.waves.length, 4);
  });
});
