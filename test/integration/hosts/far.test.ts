import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { execaSync } from 'execa';
import type { HostedNodeReport } from '../../../src/model/hostReport.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import type { RealRunOptions } from '../../../src/runtime/real/options.ts';
import {
  farMachineHindrance,
  setUpFarMachine,
  type FarMachine,
  type FarProgram,
} from '../../support/farMachine.ts';
import { ON_HOST, rehearse } from '../../support/realRun.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { sweepOf } from '../../support/sweep.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

const hindrance = farMachineHindrance();
const suite = hindrance === undefined ? describe : describe.skip;
const name = hindrance === undefined ? '' : ` (skipped: ${hindrance})`;

/** Of the clocks of the two, in seconds. */
const AHEAD: Readonly<Record<string, number>> = { near: 7_777_777, far: -3 };
/** What the niceness of a program is here that is to come first: where root is kept from it, that of all. */
function lowest(): number {
  return Number(execaSync('nice', ['-n', '-20', 'nice'], { reject: false }).stdout);
}

/** Wall clocks are read in whole ms, one on each machine. */
const READING_MS = 2;

/** What is said of a host's clocks, against what they are: machines of one kernel share its wall clock. */
function checkClocks({ host, clock, wallSkewMs }: HostedNodeReport): void {
  const ahead = AHEAD[host]! * 1_000;
  for (const { offsetMs, errorMs } of [clock.start, clock.end]) {
    assert.ok(Math.abs(offsetMs - ahead) <= errorMs, `${offsetMs} ± ${errorMs} of ${ahead}`);
  }
  // Known as well as the offset is, however long what the host said first was under way.
  const { errorMs } = clock.start;
  assert.ok(Math.abs(wallSkewMs) <= errorMs + READING_MS, `skew ${wallSkewMs} ± ${errorMs}`);
}

suite(`nodes on machines a real way apart, with clocks of their own${name}`, () => {
  let product: TinyProduct;
  const machines: FarMachine[] = [];
  let near: FarMachine;
  let far: FarMachine;
  before(async () => {
    product = await createTinyProduct([healthyService()]);
    for (const [name, roundTripMs] of [
      ['near', 20],
      ['far', 50],
    ] as const) {
      const aheadS = AHEAD[name]!;
      machines.push(await setUpFarMachine(product.folder, { name, roundTripMs, aheadS }));
    }
    [near, far] = machines as [FarMachine, FarMachine];
  });
  after(async () => {
    await Promise.all(machines.map((machine) => machine.stop()));
    await product.dispose();
  });
  const left = async () => (await Promise.all([near, far].map((one) => one.left()))).flat();

  const run = (plan: Partial<PlanInput>, overrides: Partial<RealRunOptions> = {}) =>
    rehearse(
      product,
      {
        params: { nodes: 3, latencyMs: [80, 80] },
        hosts: { n1: 'near', n2: 'far' },
        deadlineMs: 60_000,
        ...plan,
      },
      { hosts: { near: near.spec, far: far.spec }, ...overrides },
    );

  it('pass with a crash in the midst of the rollout; each clock is known, and each says how late what came to it was', async () => {
    let programs: Promise<FarProgram[]> | undefined;
    const { observation } = await run(
      { chaos: { preset: 'crash-mid-deploy' } },
      {
        sink: (event) => {
          if (event.type === 'phase' && event.nodeId === 'n1' && event.phase === 'start') {
            programs ??= near.programs();
          }
        },
      },
    );
    assert.equal(observation.outcome, 'pass', observation.cause);
    const ran = (await programs) ?? [];
    // Who carries packets comes before the node and all that it starts.
    const [keeper] = ran.filter(({ command }) => command.includes(' -e '));
    assert.equal(keeper?.niceness, lowest());
    const others = ran.filter((one) => one !== keeper);
    assert.ok(others.some(({ command }) => command.includes('agent.cjs')));
    for (const { command, niceness } of others) assert.ok(niceness >= 0, command);
    assert.equal(observation.recovery.find(({ nodeId }) => nodeId === 'n2')?.crashes, 1);
    const [one, other] = observation.hosts ?? [];
    assert.deepEqual([one?.host, other?.host], ['near', 'far']);
    for (const host of [one, other]) {
      assert.ok(host !== undefined);
      checkClocks(host);
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
    assert.deepEqual(await left(), []);
  });

  it('are refused by a plan that asks for less than the way between them', async () => {
    const params = { nodes: 3, latencyMs: [30, 30] as [number, number] };
    const sentence = await sentenceOf('plan-invalid', run({ params }));
    const [, floor = ''] =
      /^n1–n2 cannot be nearer than ([\d.]+) ms \(real path\); the plan says 30\.0 ms/.exec(
        sentence,
      ) ?? [];
    assert.ok(Number(floor) >= 35, sentence);
    assert.deepEqual(await left(), []);
  });

  // Each takes a quiet machine some ten seconds or more.
  if (sweepOf(1, 0) === 0) return;

  it('halt over content that drifted, which their own machine gives them', async () => {
    const { capsule, commit } = await product.driftedAt(
      'web',
      'server.mjs',
      '// Something else.\n',
    );
    const { observation } = await run(
      { drift: [{ node: 'n2', service: 'web', commit }] },
      { ...ON_HOST, drifted: new Map([['n2', capsule]]) },
    );
    assert.equal(observation.outcome, 'fail');
    assert.equal(observation.nodeReports[2]?.signatureVerified, false);
    assert.deepEqual(await left(), []);
  });

  it('live there beside those of another orchestrator', async () => {
    const both = await Promise.all([run({}, ON_HOST), run({}, ON_HOST)]);
    for (const { observation } of both) {
      assert.equal(observation.outcome, 'pass', observation.cause);
      for (const host of observation.hosts ?? []) checkClocks(host);
      const clean = observation.invariants.find(({ name }) => name === 'no-process-left');
      assert.equal(clean?.observed, 'held');
    }
    assert.deepEqual(await left(), []);
  });

  it('fail when nothing passes on the way any more, and their machine ends them by itself', async () => {
    const { observation } = await run(
      {},
      {
        sink: (event) => {
          if (event.type === 'phase' && event.nodeId === 'n2' && event.phase === 'start') far.cut();
        },
      },
    );
    assert.equal(observation.outcome, 'fail');
    assert.match(
      observation.cause ?? '',
      /^The agent of n2 is lost: far was not heard from for \d+ s; it ends what it runs itself within 15 s/,
    );
    const clean = observation.invariants.find(({ name }) => name === 'no-process-left');
    assert.equal(clean?.observed, 'not-observed');
    while ((await left()).length > 0) await setTimeout(100);
  });
});
