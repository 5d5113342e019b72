import assert from 'node:assert/strict';
import { presetSchedule } from '../../../src/model/chaosPresets.ts';
import {
  faultsWithoutEffect,
  idleFaultSentence,
  type FaultPlan,
} from '../../../src/model/faultsWithoutEffect.ts';
import type { FaultEffect } from '../../../src/model/faultSchemas.ts';
import type { Fault, Trigger } from '../../../src/model/plan.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';

const PLAN: FaultPlan = {
  params: { nodes: 4, latencyMs: [10, 20], packetLoss: 1, verifySignatures: true },
  topology: { kind: 'uniform' },
  world: 'real',
  deadlineMs: 60_000,
  chaos: { preset: 'none', faults: [] },
};
const NOW: Trigger = { atMs: 5 };
const KILL: FaultEffect = { kill: 'n1', restartAfterMs: 300 };

function withFaults(faults: Fault[], change: Partial<FaultPlan> = {}): FaultPlan {
  return { ...PLAN, ...change, chaos: { preset: 'none', faults } };
}

function why(effect: FaultEffect, change: Partial<FaultPlan> = {}): string | undefined {
  return faultsWithoutEffect(withFaults([{ when: NOW, do: effect }], change))[0]?.why;
}

function whyOfLast(faults: Fault[]): string | undefined {
  return faultsWithoutEffect(withFaults(faults)).find(({ fault }) => fault === faults.length - 1)
    ?.why;
}

const RING = { topology: { kind: 'ring' } } as const;
const NO_DELAY = { params: { ...PLAN.params, latencyMs: [0, 0] as [number, number] } };
const CUT = { from: ['n0'], to: ['n2'], oneWay: false };

describe('faults without effect', () => {
  it('are none in any preset over links with a delay', () => {
    for (const preset of CHAOS_PRESETS) {
      for (const nodes of [3, 5, 10]) {
        const params = { ...PLAN.params, nodes };
        const plan = { ...PLAN, params, chaos: { preset, faults: [] } };
        assert.deepEqual(faultsWithoutEffect(plan), [], `${preset} of ${nodes} nodes`);
      }
    }
  });

  it('are found in a preset too: a slow node of links without delay', () => {
    const plan = { ...PLAN, ...NO_DELAY, chaos: { preset: 'slow-node' as const, faults: [] } };
    assert.equal(faultsWithoutEffect(plan).length, presetSchedule('slow-node', 4).length);
  });

  const idle: [string, FaultEffect, Partial<FaultPlan>, RegExp][] = [
    ['a kill of no node', { kill: 'n7' }, {}, /^kills n7, which is not in the mesh$/],
    ['a partition that heals at once', { partition: CUT, healAfterMs: 0 }, {}, /heals .* at once/],
    [
      'a partition of what no link joins',
      { partition: CUT },
      RING,
      /^cuts n0 off n2, which no link/,
    ],
    [
      'a link that is not there',
      { degradeLink: { from: 'n0', to: 'n2', corrupt: 1 } },
      RING,
      /not there/,
    ],
    [
      'a link that gets better',
      { degradeLink: { from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0 } } },
      {},
      /no worse/,
    ],
    [
      'Gilbert–Elliott loss that never leaves the good state',
      {
        degradeLink: {
          from: 'n0',
          to: 'n1',
          loss: { kind: 'gilbert-elliott', p: 0, r: 1, lossGood: 0, lossBad: 1 },
        },
      },
      {},
      /no worse/,
    ],
    ['a factor of 1', { slow: 'n1', factor: 1 }, {}, /^slows n1 by a factor of 1$/],
    [
      'slowing links without delay',
      { slow: 'n1', factor: 4 },
      NO_DELAY,
      /whose links have no delay/,
    ],
    [
      'damage to what n0 has',
      { corruptChunks: { to: 'n0', count: 2 } },
      {},
      /to n0, which has them/,
    ],
    [
      'a byzantine node that relays to n0 only',
      { byzantine: 'n1' },
      { params: { ...PLAN.params, nodes: 2 } },
      /no neighbour .* except n0/,
    ],
  ];
  for (const [name, effect, change, expected] of idle) {
    it(`are: ${name}`, () => assert.match(why(effect, change) ?? '', expected));
  }

  const effective: [string, FaultEffect, Partial<FaultPlan>][] = [
    ['a kill', KILL, {}],
    ['a kill for good', { kill: 'n0' }, {}],
    ['a partition', { partition: CUT, healAfterMs: 100 }, {}],
    ['a one-way partition', { partition: { ...CUT, oneWay: true } }, {}],
    [
      'a link that loses more',
      { degradeLink: { from: 'n0', to: 'n1', loss: { kind: 'bernoulli', p: 0.3 } } },
      {},
    ],
    ['a link that is down', { degradeLink: { from: 'n0', to: 'n1', state: 'blackhole' } }, {}],
    ['a slow node', { slow: 'n1', factor: 1.5 }, {}],
    ['damage', { corruptChunks: { to: 'n1', count: 1 } }, {}],
    ['a byzantine node', { byzantine: 'n1' }, {}],
  ];
  for (const [name, effect, change] of effective) {
    it(`are not: ${name}`, () => assert.equal(why(effect, change), undefined));
  }

  it('are those that cannot fire: after the deadline, of no node, after what is never over', () => {
    assert.match(
      whyOfLast([{ when: { atMs: 60_000 }, do: KILL }]) ?? '',
      /^is due at 60000 ms, but/,
    );
    assert.equal(whyOfLast([{ when: { atMs: 59_999 }, do: KILL }]), undefined);
    const ofNobody: Trigger = { node: 'n8', phase: 'verify', progress: 0 };
    assert.match(whyOfLast([{ when: ofNobody, do: KILL }]) ?? '', /^waits for n8, which is not/);
    const migrates: Trigger = { migrates: 'n8', since: 'begun', delayMs: 0 };
    assert.match(whyOfLast([{ when: migrates, do: KILL }]) ?? '', /^waits for n8, which is not/);
    const late: Trigger = { migrates: 'n1', since: 'begun', delayMs: 60_000 };
    assert.match(
      whyOfLast([{ when: late, do: KILL }]) ?? '',
      /^is due at 60000 ms at the earliest/,
    );
    const after: Fault = { when: { afterFault: 0, delayMs: 10 }, do: { slow: 'n2', factor: 2 } };
    const forGood: FaultEffect[] = [{ kill: 'n1' }, { partition: CUT }];
    for (const effect of forGood) {
      assert.match(
        whyOfLast([{ when: NOW, do: effect }, after]) ?? '',
        /earlier fault .* never over/,
      );
    }
    assert.equal(whyOfLast([{ when: NOW, do: KILL }, after]), undefined);
  });

  it('are those after a fault that itself comes too late or never', () => {
    const after: Fault = { when: { afterFault: 0, delayMs: 10 }, do: { slow: 'n2', factor: 2 } };
    const last: Fault = { when: { afterFault: 1, delayMs: 10 }, do: { slow: 'n3', factor: 2 } };
    const ofNobody: Trigger = { node: 'n8', phase: 'verify', progress: 0 };
    assert.match(whyOfLast([{ when: ofNobody, do: KILL }, after, last]) ?? '', /never over/);
    const late: Fault = { when: { atMs: 59_800 }, do: KILL };
    assert.match(whyOfLast([late, after]) ?? '', /^is due at 60110 ms at the earliest/);
  });

  it('are those that come before there is anything: a kill before the node has booted', () => {
    assert.match(whyOfLast([{ when: { atMs: 0 }, do: KILL }]) ?? '', /before it has booted/);
    const atBoot: Trigger = { node: 'n1', phase: 'boot', progress: 0 };
    assert.match(whyOfLast([{ when: atBoot, do: KILL }]) ?? '', /before it has booted/);
  });

  it('are unknown of a topology that no run accepts', () => {
    const topology = { kind: 'star', centre: 'n9' } as const;
    assert.equal(why({ slow: 'n1', factor: 1 }, { topology }), undefined);
  });

  it('are told in one sentence', () => {
    assert.equal(
      idleFaultSentence({ fault: 2, why: 'slows n1 by a factor of 1' }),
      'Fault 2 slows n1 by a factor of 1: it has no effect and does not count as chaos.',
    );
  });
});
