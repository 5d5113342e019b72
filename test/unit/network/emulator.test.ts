import assert from 'node:assert/strict';
import { CHUNK_FLOW as CHUNK, CONTROL_FLOW as CONTROL } from '../../../src/mesh/flows.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { Emulator } from '../../../src/network/emulator.ts';
import {
  BLACKHOLED,
  CORRUPT,
  DELIVERED,
  LOST,
  newFate,
  OVERFLOW,
} from '../../../src/network/fate.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

function emulatorOf(input: Partial<PlanInput>): Emulator {
  const plan = virtualPlan(input);
  return new Emulator(compileLinks(plan), plan.chaos.faults);
}

function sendOne(emulator: Emulator, from: number, to: number, at = 0, flow = CHUNK, bytes = 1000) {
  const fate = newFate();
  emulator.transmit(from, to, flow, bytes, at, fate);
  return fate;
}

const STEADY = { nodes: 3, latencyMs: [10, 10] } satisfies PlanInput['params'];

describe('the emulator', () => {
  it('numbers packets per link and flow', () => {
    const emulator = emulatorOf({ params: STEADY });
    const numbers = [
      sendOne(emulator, 0, 1),
      sendOne(emulator, 0, 1),
      sendOne(emulator, 0, 1, 0, CONTROL),
      sendOne(emulator, 1, 0),
    ].map(({ number }) => number);
    assert.deepEqual(numbers, [0, 1, 0, 0]);
  });

  it('gives a digest of decisions that depends on the packets, not on their order across links', () => {
    const params = { nodes: 3, latencyMs: [5, 90], packetLoss: 20 } satisfies PlanInput['params'];
    const one = emulatorOf({ params });
    const other = emulatorOf({ params });
    for (let k = 0; k < 300; k++) {
      sendOne(one, 0, 1, k);
      sendOne(one, 1, 2, k);
    }
    for (let k = 0; k < 300; k++) sendOne(other, 1, 2, 7 * k);
    for (let k = 0; k < 300; k++) sendOne(other, 0, 1, 3 * k);
    assert.equal(one.decisionsDigest(), other.decisionsDigest());
    sendOne(other, 0, 1);
    assert.notEqual(one.decisionsDigest(), other.decisionsDigest());
  });

  it('keeps decisions equal through partitions, which act on time', () => {
    const params = { nodes: 3, latencyMs: [5, 90] } satisfies PlanInput['params'];
    const free = emulatorOf({ params });
    const cut = emulatorOf({ params });
    cut.partition(0, [0], [1], false);
    for (let k = 0; k < 50; k++) {
      sendOne(free, 0, 1, k);
      assert.equal(sendOne(cut, 0, 1, k).outcome, BLACKHOLED);
    }
    assert.equal(free.decisionsDigest(), cut.decisionsDigest());
  });

  it('serialises a link of a given rate, packet behind packet', () => {
    // 1 Mbit/s: 1,000 bytes take 8 ms.
    const emulator = emulatorOf({ params: STEADY, bandwidth: { model: 'link', mbps: 1 } });
    assert.equal(sendOne(emulator, 0, 1).deliverAt, 18);
    assert.equal(sendOne(emulator, 0, 1).deliverAt, 26);
    assert.equal(sendOne(emulator, 0, 2).deliverAt, 18);
    assert.equal(emulator.freeAt(0, 1), 16);
  });

  it('shares an uplink among all links that leave the node', () => {
    const emulator = emulatorOf({ params: STEADY, bandwidth: { model: 'uplink', mbps: 1 } });
    assert.equal(sendOne(emulator, 0, 1).deliverAt, 18);
    assert.equal(sendOne(emulator, 0, 2).deliverAt, 26);
    assert.equal(sendOne(emulator, 1, 2).deliverAt, 18);
  });

  it('lets a small datagram of another flow pass the chunks that wait, and books its bits', () => {
    const emulator = emulatorOf({ params: STEADY, bandwidth: { model: 'uplink', mbps: 1 } });
    sendOne(emulator, 0, 1);
    assert.equal(sendOne(emulator, 0, 1, 0, CONTROL, 125).deliverAt, 11);
    assert.equal(emulator.freeAt(0, 1), 9);
  });

  it('drops what a full queue can not take', () => {
    const emulator = emulatorOf({
      params: STEADY,
      topology: {
        kind: 'custom',
        links: [
          { from: 'n0', to: 'n1', rateBitsPerSecond: 1e6, queueBytes: 2500 },
          { from: 'n1', to: 'n0' },
          { from: 'n1', to: 'n2' },
          { from: 'n2', to: 'n1' },
        ],
      },
    });
    const outcomes = [0, 1, 2].map(() => sendOne(emulator, 0, 1).outcome);
    assert.deepEqual(outcomes, [DELIVERED, DELIVERED, OVERFLOW]);
    assert.equal(sendOne(emulator, 0, 1, 16).outcome, DELIVERED);
  });

  it('cuts one direction only in a one-way partition, until it heals', () => {
    const emulator = emulatorOf({ params: STEADY });
    emulator.partition(0, [0], [1, 2], true);
    assert.equal(sendOne(emulator, 0, 2).outcome, BLACKHOLED);
    assert.equal(sendOne(emulator, 2, 0).outcome, DELIVERED);
    emulator.heal(0);
    assert.equal(sendOne(emulator, 0, 2).outcome, DELIVERED);
  });

  it('damages exactly as many chunks to a node as asked, and nothing else', () => {
    const emulator = emulatorOf({ params: STEADY });
    emulator.corruptChunks(0, 1, 2);
    assert.equal(sendOne(emulator, 0, 1, 0, CONTROL).outcome, DELIVERED);
    assert.equal(sendOne(emulator, 0, 2).outcome, DELIVERED);
    const outcomes = [sendOne(emulator, 0, 1), sendOne(emulator, 2, 1), sendOne(emulator, 0, 1)];
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      [CORRUPT, CORRUPT, DELIVERED],
    );
  });

  it('slows links at both ends of a slow node, from packet 0 when the plan says so', () => {
    const emulator = emulatorOf({
      params: STEADY,
      chaos: { faults: [{ when: { atMs: 0 }, do: { slow: 'n1', factor: 4 } }] },
    });
    assert.equal(sendOne(emulator, 0, 1).delayMs, 40);
    assert.equal(sendOne(emulator, 1, 2).delayMs, 40);
    assert.equal(sendOne(emulator, 0, 2).delayMs, 10);
  });

  it('degrades one direction of a link and leaves the rest of it as it was', () => {
    const emulator = emulatorOf({ params: STEADY });
    emulator.degradeLink(0, 0, 1, { loss: { kind: 'bernoulli', p: 1 }, delay: undefined });
    const fate = sendOne(emulator, 0, 1);
    assert.equal(fate.outcome, LOST);
    assert.equal(fate.delayMs, 10);
    assert.equal(sendOne(emulator, 1, 0).outcome, DELIVERED);
  });

  it('reports per link what was sent, delivered, dropped and unreachable, with delay quantiles', () => {
    const emulator = emulatorOf({ params: STEADY });
    const fate = sendOne(emulator, 0, 1);
    emulator.handedOver(0, 1, 0, fate.deliverAt, fate.deliverAt + 0.2);
    sendOne(emulator, 0, 1);
    emulator.foundPeerDown(0, 1);
    emulator.degradeLink(0, 0, 1, { loss: { kind: 'bernoulli', p: 1 } });
    sendOne(emulator, 0, 1);
    const [report] = emulator.linkReports();
    assert.ok(report);
    const { from, to, sent, delivered, dropped, unreachable } = report;
    assert.deepEqual(
      { from, to, sent, delivered, dropped, unreachable },
      { from: 'n0', to: 'n1', sent: 3, delivered: 1, dropped: 1, unreachable: 1 },
    );
    const { achievedMs, configuredMs } = report;
    assert.ok(achievedMs && Math.abs(achievedMs.p50 - 10.2) < 0.1, `${achievedMs?.p50}`);
    assert.ok(configuredMs && Math.abs(configuredMs.p99 - 10) < 0.1, `${configuredMs?.p99}`);
    const error = emulator.timingError();
    assert.ok(error && Math.abs(error.p50 - 0.2) < 0.005, `${error?.p50}`);
  });
});
