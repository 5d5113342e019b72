import assert from 'node:assert/strict';
import { CHUNK_FLOW as CHUNK, CONTROL_FLOW as CONTROL } from '../../../src/mesh/flows.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { ArrivalQueues } from '../../../src/network/arrivalQueues.ts';
import { Emulator } from '../../../src/network/emulator.ts';
import { DELIVERED, LOST, newFate, OVERFLOW } from '../../../src/network/fate.ts';
import { linkVariants } from '../../../src/network/linkVariants.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { SERVICE_FLOW as SERVICE } from '../../../src/network/serviceFlow.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

/** Paths of 10 ms; 1,000 bytes take 8 ms at 1 Mbit/s, 4 ms at 2 Mbit/s. */
function emulatorOf(input: Partial<PlanInput>): Emulator {
  const plan = virtualPlan({ params: { nodes: 4, latencyMs: [10, 10] }, ...input });
  return new Emulator(compileLinks(plan), plan.chaos.faults);
}

/** When 1,000 bytes are handed over, ms. */
function deliverAt(emulator: Emulator, from: number, to: number, at = 0, flow = CHUNK): number {
  const fate = newFate();
  emulator.transmit(from, to, flow, 1000, at, fate);
  assert.equal(fate.outcome, DELIVERED);
  return fate.deliverAt;
}

const constant = (ms: number) => ({ kind: 'constant' as const, ms });

describe('the rates of last miles', () => {
  it('hold one after the other: up, the path, down; then the delays of all three count', () => {
    const emulator = emulatorOf({
      bandwidth: { model: 'link', mbps: 4 },
      access: {
        n0: { delay: constant(3), upBitsPerSecond: 1e6 },
        n1: { delay: constant(5), downBitsPerSecond: 2e6 },
      },
    });
    // 8 ms up, 2 ms on the link, 4 ms down, 10 + 3 + 5 ms of delay.
    assert.equal(deliverAt(emulator, 0, 1), 32);
    assert.equal(deliverAt(emulator, 1, 0), 2 + 18, 'it has no rate in this direction');
    assert.equal(deliverAt(emulator, 2, 3), 2 + 10, 'neither end has a last mile');
  });

  it('are shared by all links of a node', () => {
    const emulator = emulatorOf({
      access: { n0: { upBitsPerSecond: 1e6, downBitsPerSecond: 2e6 } },
    });
    assert.deepEqual(
      [1, 2, 3].map((to) => deliverAt(emulator, 0, to)),
      [18, 26, 34],
    );
    assert.deepEqual(
      [1, 2, 3].map((from) => deliverAt(emulator, from, 0)),
      [14, 18, 22],
    );
    assert.equal(emulator.freeAt(0, 1), 24);
    assert.equal(emulator.freeAt(1, 0), 12);
    assert.equal(emulator.freeAt(1, 2), 0);
  });

  it('share the uplink of the plan as well, and let small packets pass', () => {
    const emulator = emulatorOf({
      bandwidth: { model: 'uplink', mbps: 1 },
      access: { n0: { upBitsPerSecond: 2e6 } },
    });
    assert.equal(deliverAt(emulator, 0, 1), 4 + 8 + 10);
    assert.equal(deliverAt(emulator, 0, 2), 4 + 16 + 10);
    assert.equal(deliverAt(emulator, 0, 3, 0, CONTROL), 4 + 8 + 10);
  });

  it('drop packets of services before a queue that is full', () => {
    const emulator = emulatorOf({ access: { n1: { downBitsPerSecond: 1e6 } } });
    const fates = Array.from({ length: 80 }, () => {
      const fate = newFate();
      emulator.transmit(0, 1, SERVICE, 1000, 0, fate);
      return fate.outcome;
    });
    assert.equal(fates.filter((outcome) => outcome === DELIVERED).length, 65, '64 KiB');
    assert.equal(fates.at(-1), OVERFLOW);
  });

  it('have a receiver take what comes first, whoever was sent something first', () => {
    const emulator = emulatorOf({
      access: { n0: { upBitsPerSecond: 10_000 }, n1: { downBitsPerSecond: 1e6 } },
    });
    assert.equal(deliverAt(emulator, 0, 1), 800 + 8 + 10);
    assert.equal(deliverAt(emulator, 2, 1), 8 + 10, 'it waited for what had not come yet');
  });
});

describe('the queue in front of a receiver', () => {
  it('books the first time that is long enough, and lets go of what is over', () => {
    const queues = new ArrivalQueues();
    assert.equal(queues.book(1, 10, 1, 100, 0), 110);
    assert.equal(queues.book(1, 10, 1, 120, 0), 130);
    assert.equal(queues.book(1, 10, 1, 105, 0), 120, 'the gap between the two fits');
    assert.equal(queues.book(1, 10, 1, 95, 0), 140, 'five ms before them do not');
    assert.equal(queues.book(1, 10, 1, 0, 0), 10);
    assert.equal(queues.freeAt(1), 140);
    assert.equal(queues.startOf(2, 10, 1, 7), 7, 'another queue has nothing booked');
    assert.equal(queues.book(1, 10, 1, 200, 150), 210);
    assert.equal(queues.startOf(1, 10, 1, 100), 100, 'what was over was kept');
  });
});

describe('the decisions of links with last miles', () => {
  const lastMile = {
    delay: { kind: 'log-normal' as const, shiftMs: 10, medianMs: 14, sigma: 0.5 },
    // Half of the time in the bad state, in which 0.8 is lost: 0.4 in the mean.
    loss: { kind: 'gilbert-elliott' as const, p: 0.4, r: 0.4, lossGood: 0, lossBad: 0.8 },
  };

  it('draw each part on its own, the same in every run, within what a verifier allows', () => {
    const plan = virtualPlan({
      params: { nodes: 3, latencyMs: [10, 30] },
      access: { n0: lastMile, n1: lastMile },
    });
    const table = compileLinks(plan);
    const model = table.modelOf(0, 1);
    const variants = linkVariants(table, [], 0, 1);
    assert.ok(model !== undefined && variants !== undefined);
    const decide = (number: number) => {
      const fate = newFate();
      model.decide(1, CHUNK, number, fate);
      return fate;
    };
    const fates = Array.from({ length: 20_000 }, (_, number) => decide(number));
    assert.deepEqual(decide(17), fates[17]);
    const delays = fates.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
    assert.ok((delays[0] ?? 0) >= variants.delay.least && variants.delay.least >= 30);
    assert.ok((delays.at(-1) ?? Infinity) <= variants.delay.most);
    const mean = delays.reduce((sum, ms) => sum + ms, 0) / delays.length;
    assert.ok(Math.abs(mean - model.meanDelayMs) < 0.5, `${mean} of ${model.meanDelayMs}`);
    const lost = fates.filter(({ outcome }) => outcome === LOST).length / fates.length;
    assert.ok(Math.abs(model.meanLoss - 0.64) < 1e-12);
    assert.ok(Math.abs(lost - 0.64) < 0.02, `${lost} were lost`);
  });

  it('stay what they were on links without', () => {
    const decisions = (access: PlanInput['access']) => {
      const emulator = emulatorOf({
        params: { nodes: 3, latencyMs: [10, 90], packetLoss: 20 },
        access,
      });
      return Array.from({ length: 50 }, () => {
        const fate = newFate();
        emulator.transmit(2, 0, CHUNK, 1000, 0, fate);
        return fate;
      });
    };
    assert.deepEqual(decisions({ n1: 'starlink' }), decisions(undefined));
  });
});
