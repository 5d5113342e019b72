import assert from 'node:assert/strict';
import type { HostSpec } from '../../../src/model/hosts.ts';
import { sealRun } from '../../../src/evidence/seal.ts';
import { noDocker, startDocker } from '../../support/dockerHost.ts';
import type { Engine } from '../../support/engineImage.ts';
import { farMachineHindrance, setUpFarMachine, type FarMachine } from '../../support/farMachine.ts';
import { rehearse } from '../../support/realRun.ts';
import { CAPSULE_KEY } from '../../support/sealedRun.ts';
import { sweepOf } from '../../support/sweep.ts';
import { wireHindrance } from '../../support/talkingService.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

// It takes a quiet machine half a minute; far.test and containers.test show each part of it.
const hindrance = sweepOf(1, 0) === 0 ? 'in test:long alone' : (farMachineHindrance() ?? noDocker);
const suite = hindrance === undefined ? describe : describe.skip;
const skipped = hindrance === undefined ? '' : ` (skipped: ${hindrance})`;

suite(`a mesh over this machine, two far ones and a container${skipped}`, () => {
  let product: TinyProduct;
  const machines: FarMachine[] = [];
  let engine: Engine;
  before(async function () {
    product = await createTinyProduct([healthyService()]);
    const { folder } = product;
    for (const machine of [
      { name: 'near', roundTripMs: 20, aheadS: 7_777_777 },
      { name: 'far', roundTripMs: 50, aheadS: -3 },
    ]) {
      machines.push(await setUpFarMachine(folder, machine));
    }
    const started = await startDocker();
    // In many containers, no engine may start.
    if (started === undefined) this.skip();
    else engine = started;
  });
  after(async () => {
    await (engine as Engine | undefined)?.stop();
    await Promise.all(machines.map((machine) => machine.stop()));
    await product.dispose();
  });

  it('passes with a crash in the midst of the rollout; its evidence says where each node ran and how far its clock can be trusted', async () => {
    const [near, far] = machines.map(({ spec }) => spec);
    const box: HostSpec = {
      ...{ kind: 'docker', image: engine.image, node: '/node', memory: '512m', secrets: false },
    };
    const { observation, options } = await rehearse(
      product,
      {
        params: { nodes: 4, latencyMs: [80, 80] },
        hosts: { n1: 'near', n2: 'far', n3: 'box' },
        chaos: { preset: 'crash-mid-deploy' },
        deadlineMs: 60_000,
      },
      {
        hosts: { near: near!, far: far!, box },
        hostEnvironment: { ...process.env, ...engine.environment },
      },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(observation.recovery.find(({ nodeId }) => nodeId === 'n3')?.crashes, 1);
    const { fidelity, isolation } = observation.environment;
    if (isolation === 'full' && wireHindrance() === undefined) assert.equal(fidelity, 'kernel');
    assert.deepEqual(
      observation.hosts?.map(({ nodeId, host, kind }) => [nodeId, host, kind]),
      [
        ['n1', 'near', 'ssh'],
        ['n2', 'far', 'ssh'],
        ['n3', 'box', 'docker'],
      ],
    );
    for (const { clock, roundTripMs, arrivals } of observation.hosts) {
      assert.ok(clock.end.errorMs <= roundTripMs.p50 / 2);
      assert.equal(arrivals?.links.length, 3);
    }
    const { capsuleHash } = options.capsule;
    const { packEnvelope } = options;
    // Sealed: nothing its record says contradicts itself or its plan.
    sealRun({ observation, capsuleHash, packEnvelope, key: CAPSULE_KEY });
    for (const machine of machines) assert.deepEqual(await machine.left(), []);
    assert.deepEqual(await engine.containers(`mesh-sim.run=${options.simId}`), []);
  });
});
