import assert from 'node:assert/strict';
import { CHUNK_FLOW as CHUNK } from '../../../src/mesh/flows.ts';
import type { FaultEffect } from '../../../src/model/faultSchemas.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { Emulator } from '../../../src/network/emulator.ts';
import { newFate } from '../../../src/network/fate.ts';
import { compileLinks } from '../../../src/network/linkTable.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const PARAMS = { nodes: 3, latencyMs: [10, 20], packetLoss: 10 } satisfies PlanInput['params'];

/** Sends 500 chunks from n0 to n1 over links on which these faults hold from the start; what each impaired. */
function impairedBy(effects: readonly FaultEffect[], input: Partial<PlanInput> = {}) {
  const faults = effects.map((effect) => ({ when: { atMs: 0 }, do: effect }));
  const plan = virtualPlan({ params: PARAMS, ...input, chaos: { faults } });
  const emulator = new Emulator(compileLinks(plan), plan.chaos.faults);
  return { emulator, counts: () => effects.map((_, at) => emulator.impairedBy()[at] ?? 0) };
}

function send(emulator: Emulator, packets = 500, outcome?: number): number {
  const fate = newFate();
  let count = 0;
  for (let k = 0; k < packets; k++) {
    emulator.transmit(0, 1, CHUNK, 1000, k, fate);
    if (fate.outcome === outcome) count += 1;
  }
  return count;
}

function degrade(change: object): FaultEffect {
  return { degradeLink: { from: 'n0', to: 'n1', ...change } };
}

const NONE: [string, FaultEffect][] = [
  ['a slow node of factor 1', { slow: 'n1', factor: 1 }],
  ['a slow node elsewhere', { slow: 'n2', factor: 9 }],
  ['a link that loses nothing any more', degrade({ loss: { kind: 'bernoulli', p: 0 } })],
  ['a link without delay', degrade({ delay: { kind: 'constant', ms: 0 } })],
  ['the loss that was there', degrade({ loss: { kind: 'bernoulli', p: 0.1 } })],
  [
    'bursts whose bad state is never entered',
    degrade({ loss: { kind: 'gilbert-elliott', p: 0, r: 0.5, lossGood: 0.1, lossBad: 1 } }),
  ],
  ['a queue where there is no rate', degrade({ queueBytes: 10 })],
];

const SOME: [string, FaultEffect][] = [
  ['a slow node', { slow: 'n1', factor: 2 }],
  ['more loss', degrade({ loss: { kind: 'bernoulli', p: 0.3 } })],
  [
    'bursts',
    degrade({ loss: { kind: 'gilbert-elliott', p: 0.1, r: 0.2, lossGood: 0.1, lossBad: 0.9 } }),
  ],
  ['more delay', degrade({ delay: { kind: 'constant', ms: 30 } })],
  ['doubles', degrade({ duplicate: 0.5 })],
  ['damage', degrade({ corrupt: 0.5 })],
  ['a black hole', degrade({ state: 'blackhole' })],
  ['a rate', degrade({ rateBitsPerSecond: 1e6 })],
];

describe('packets that a fault impairs', () => {
  for (const [name, effect] of NONE) {
    it(`are none under ${name}`, () => {
      const { emulator, counts } = impairedBy([effect]);
      send(emulator);
      assert.deepEqual(counts(), [0]);
    });
  }

  for (const [name, effect] of SOME) {
    it(`are some under ${name}, and none before any was sent`, () => {
      const { emulator, counts } = impairedBy([effect]);
      assert.deepEqual(counts(), [0]);
      send(emulator);
      const [count = 0] = counts();
      assert.ok(count > 50 && count <= 500, `${count}`);
    });
  }

  it('are those that would have got through, where a link loses everything', () => {
    const { emulator, counts } = impairedBy([degrade({ loss: { kind: 'bernoulli', p: 1 } })]);
    send(emulator);
    const free = impairedBy([]).emulator;
    const delivered = send(free, 500, 0);
    assert.ok(delivered < 500);
    assert.deepEqual(counts(), [delivered]);
  });

  it('are counted for each fault on its own, and not for one that a later fault undid', () => {
    const worse = degrade({ loss: { kind: 'bernoulli', p: 0.5 } });
    const undone = degrade({ loss: { kind: 'bernoulli', p: 0.1 } });
    const slow: FaultEffect = { slow: 'n0', factor: 3 };
    const { emulator, counts } = impairedBy([worse, slow, undone]);
    send(emulator);
    const [first, second = 0, third] = counts();
    assert.deepEqual([first, third], [0, 0]);
    assert.ok(second > 400);
  });

  it('are those a partition cuts, but for those that were lost anyway', () => {
    const { emulator } = impairedBy([]);
    emulator.partition(4, [0], [1], true);
    send(emulator);
    const [cut = 0] = emulator.impairedBy().slice(4);
    assert.ok(cut > 400 && cut < 480, `${cut}`);
    emulator.heal(4);
    send(emulator);
    assert.equal(emulator.impairedBy()[4], cut);
  });

  it('are the chunks that were damaged on purpose', () => {
    const { emulator } = impairedBy([]);
    emulator.corruptChunks(0, 1, 3);
    emulator.corruptChunks(1, 1, 2);
    emulator.corruptChunks(2, 2, 5);
    send(emulator);
    assert.deepEqual(emulator.impairedBy(), [3, 2]);
  });

  it('tells packets the link lost from others that were dropped', () => {
    const { emulator } = impairedBy([degrade({ corrupt: 0.2 })]);
    const lost = send(emulator, 500, 1);
    const [report] = emulator.linkReports();
    assert.ok(lost > 20);
    assert.equal(report?.lost, lost);
  });
});
