import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHUNK_FLOW, CONTROL_FLOW } from '../../../src/mesh/flows.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { Emulator } from '../../../src/network/emulator.ts';
import { DELIVERED, LOST, newFate, OVERFLOW } from '../../../src/network/fate.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { SERVICE_FLOW } from '../../../src/network/serviceFlow.ts';
import { StreamOrder } from '../../../src/network/streamOrder.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

function emulatorOf(input: Partial<PlanInput>): Emulator {
  return new Emulator(compileLinks(virtualPlan(input)));
}

function send(emulator: Emulator, at: number, flow = SERVICE_FLOW, bytes = 1000, stream = 1) {
  const fate = newFate();
  emulator.transmit(0, 1, flow, bytes, at, fate, stream);
  return fate;
}

const STEADY = { nodes: 3, latencyMs: [10, 10] } satisfies PlanInput['params'];
const JITTER = { nodes: 3, latencyMs: [5, 200] } satisfies PlanInput['params'];
/** 1 Mbit/s: 1,000 bytes take 8 ms. */
const SLOW = { model: 'link', mbps: 1 } as const;

describe('the service flow', () => {
  it('waits in the queue, where small datagrams of the protocol do not', () => {
    const emulator = emulatorOf({ params: STEADY, bandwidth: SLOW });
    send(emulator, 0, CHUNK_FLOW, 10_000);
    assert.equal(send(emulator, 0, CONTROL_FLOW, 125).deliverAt, 11);
    assert.equal(send(emulator, 0, SERVICE_FLOW, 125).deliverAt, 80 + 1 + 1 + 10);
  });

  it('shares rate and queue with the protocol', () => {
    const emulator = emulatorOf({ params: STEADY, bandwidth: SLOW });
    send(emulator, 0, SERVICE_FLOW, 1_000);
    assert.equal(send(emulator, 0, CHUNK_FLOW, 1_000).deliverAt, 26);
  });

  it('drops at the tail of 64 KiB on a slow link, and of 50 ms on a fast one', () => {
    for (const [mbps, limit] of [
      [1, 65_536],
      [100, 625_000],
    ] as const) {
      const emulator = emulatorOf({ params: STEADY, bandwidth: { model: 'link', mbps } });
      let sent = 0;
      while (send(emulator, 0, SERVICE_FLOW, 1_500).outcome === DELIVERED) sent += 1;
      assert.equal(sent, Math.floor(limit / 1_500), `${mbps} Mbit/s`);
      assert.equal(send(emulator, 0, CHUNK_FLOW, 1_500).outcome, DELIVERED);
    }
  });

  it('keeps to the queue that the plan gives', () => {
    const links = [
      { from: 'n0', to: 'n1', rateBitsPerSecond: 1e6, queueBytes: 3_000 },
      { from: 'n1', to: 'n0' },
    ];
    const params = { nodes: 2, latencyMs: [10, 10] } satisfies PlanInput['params'];
    const emulator = emulatorOf({ params, topology: { kind: 'custom', links } });
    const outcomes = [1, 2, 3].map(() => send(emulator, 0, SERVICE_FLOW, 1_500).outcome);
    assert.deepEqual(outcomes, [DELIVERED, DELIVERED, OVERFLOW]);
  });

  it('never lets packets of a stream overtake each other, and streams go their own ways', () => {
    const gaps = fc.array(fc.tuple(fc.nat(20), fc.nat(3)), { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.nat(1000), (packets, seed) => {
        const params = { ...JITTER, packetLoss: 5 };
        const emulator = emulatorOf({ params, seed });
        const last = new Map<number, number>();
        let at = 0;
        for (const [gap, stream] of packets) {
          at += gap;
          const { outcome, deliverAt, delayMs } = send(emulator, at, SERVICE_FLOW, 100, stream);
          if (outcome === LOST) continue;
          const before = last.get(stream) ?? 0;
          // Exactly the model's delay, unless the packet before it is due later.
          assert.equal(deliverAt, Math.max(before, at + delayMs));
          last.set(stream, deliverAt);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('hands a double over after its original', () => {
    const links = [
      { from: 'n0', to: 'n1', duplicate: 1 },
      { from: 'n1', to: 'n0' },
    ];
    const emulator = emulatorOf({
      params: { nodes: 2, latencyMs: [5, 200] },
      topology: { kind: 'custom', links },
    });
    for (let at = 0; at < 50; at += 1) {
      const { deliverAt, duplicateAt } = send(emulator, at);
      assert.ok(duplicateAt >= deliverAt);
    }
  });

  it('decides packet k whatever the protocol sends between', () => {
    const params = { ...JITTER, packetLoss: 20 };
    const [alone, among] = [emulatorOf({ params }), emulatorOf({ params })];
    for (let k = 0; k < 200; k += 1) {
      send(among, k, CHUNK_FLOW);
      const [one, other] = [send(alone, k), send(among, 3 * k)];
      assert.deepEqual([one.number, one.outcome, one.delayMs], [k, other.outcome, other.delayMs]);
    }
    assert.equal(alone.decisionsDigest('services'), among.decisionsDigest('services'));
  });

  it('is counted and digested apart from the protocol', () => {
    const [plain, mixed] = [emulatorOf({ params: JITTER }), emulatorOf({ params: JITTER })];
    for (let k = 0; k < 20; k += 1) {
      send(plain, k, CHUNK_FLOW);
      send(mixed, k, CHUNK_FLOW);
      const { deliverAt } = send(mixed, k);
      mixed.handedOver(0, 1, k, deliverAt, deliverAt + 1, 'services');
    }
    mixed.foundPeerDown(0, 1, 'services');
    assert.deepEqual(plain.linkReports(), mixed.linkReports());
    assert.equal(plain.decisionsDigest(), mixed.decisionsDigest());
    assert.deepEqual(plain.linkReports('services'), []);
    const [report] = mixed.linkReports('services');
    assert.deepEqual([report?.sent, report?.delivered, report?.unreachable], [20, 20, 1]);
    assert.equal(mixed.timingError(), null);
    assert.ok(Math.abs((mixed.timingError('services')?.p50 ?? 0) - 1) < 0.02);
  });

  it('counts what faults did to it apart from what they did to the protocol', () => {
    const emulator = emulatorOf({ params: STEADY });
    emulator.partition(0, [0], [1], false);
    send(emulator, 0);
    assert.deepEqual([emulator.impairedBy(), emulator.impairedBy('services')], [[], [1]]);
  });
});

describe('the order of streams', () => {
  it('holds when more streams are on their way than there are places', () => {
    const packets = fc.array(fc.tuple(fc.nat(15), fc.nat(9), fc.nat(60)), { maxLength: 200 });
    fc.assert(
      fc.property(packets, (sent) => {
        const order = new StreamOrder(3);
        const last = new Map<number, number>();
        let now = 0;
        for (const [gap, stream, delay] of sent) {
          now += gap;
          const due = order.dueAt(0, stream, now + delay, now);
          assert.ok(due >= Math.max(now + delay, last.get(stream) ?? 0));
          last.set(stream, due);
        }
      }),
    );
  });

  it('keeps links apart', () => {
    const order = new StreamOrder(1);
    order.dueAt(0, 1, 100, 0);
    assert.equal(order.dueAt(1, 1, 5, 0), 5);
    assert.equal(order.dueAt(2, 1, 7, 0), 7);
  });
});
