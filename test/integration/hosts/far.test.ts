import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/model/plan.ts';
import { farMachineHindrance, setUpFarMachine, type FarMachine } from '../../support/farMachine.ts';
import { rehearse } from '../../support/realRun.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

const hindrance = farMachineHindrance();
const suite = hindrance === undefined ? describe : describe.skip;
const name = hindrance === undefined ? '' : ` (skipped: ${hindrance})`;

/** Of the clocks of the two, in seconds. */
const AHEAD = { near: 7_777_777, far: -3 } as const;

suite(`nodes on machines a real way apart, with clocks of their own${name}`, () => {
  let product: TinyProduct;
  let near: FarMachine;
  let far: FarMachine;
  before(async () => {
    product = await createTinyProduct([healthyService()]);
    const { folder } = product;
    near = await setUpFarMachine(folder, { name: 'near', delayMs: 10, aheadS: AHEAD.near });
    far = await setUpFarMachine(folder, { name: 'far', delayMs: 25, aheadS: AHEAD.far });
  });
  after(() => product.dispose());

  const run = (latencyMs: number, chaos?: PlanInput['chaos']) =>
    rehearse(
      product,
      {
        params: { nodes: 3, latencyMs: [latencyMs, latencyMs] },
        hosts: { n1: 'near', n2: 'far' },
        ...(chaos === undefined ? {} : { chaos }),
      },
      { hosts: { near: near.spec, far: far.spec } },
    );

  it('pass with a node killed there; each clock is known, and each says how late what came to it was', async () => {
    const kill = { kill: 'n2', restartAfterMs: 50 };
    const { observation } = await run(80, {
      faults: [{ when: { node: 'n2', phase: 'start' }, do: kill }],
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const [one, other] = observation.hosts ?? [];
    assert.deepEqual([one?.host, other?.host], ['near', 'far']);
    for (const host of [one, other]) {
      assert.ok(host !== undefined);
      const ahead = AHEAD[host.host as keyof typeof AHEAD] * 1_000;
      for (const { offsetMs, errorMs } of [host.clock.start, host.clock.end]) {
        assert.ok(Math.abs(offsetMs - ahead) <= errorMs, `${offsetMs} ± ${errorMs} of ${ahead}`);
      }
      const { arrivals, roundTripMs } = host;
      assert.deepEqual(
        arrivals?.links.map(({ from }) => from),
        ['n0', 'n1', 'n2'].filter((nodeId) => nodeId !== host.nodeId),
      );
      // Packets leave as much earlier as the way takes, by a clock that is as well known.
      assert.ok(arrivals.earlyMs <= roundTripMs.p50, `${arrivals.earlyMs} ms early`);
    }
    assert.ok(one !== undefined && one.roundTripMs.min >= 20);
    assert.ok(other !== undefined && other.roundTripMs.min >= 50);
    assert.deepEqual([await near.left(), await far.left()], [[], []]);
  });

  it('are refused by a plan that asks for less than the way between them', async () => {
    const sentence = await sentenceOf('plan-invalid', run(30));
    const [, floor = ''] =
      /^n1–n2 cannot be nearer than ([\d.]+) ms \(real path\); the plan says 30\.0 ms/.exec(
        sentence,
      ) ?? [];
    assert.ok(Number(floor) >= 35, sentence);
    assert.deepEqual([await near.left(), await far.left()], [[], []]);
  });
});
