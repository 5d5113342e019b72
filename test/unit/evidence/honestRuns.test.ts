import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MeshSimError } from '../../../src/base/errors.ts';
import { sealRun } from '../../../src/evidence/seal.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { regionTopology, USUAL_REGIONS } from '../../../src/model/regions.ts';
import { anyVirtualPlan } from '../../support/anyPlan.ts';
import { sweepOf } from '../../support/sweep.ts';
import { randomUpgrade, runUpgrade } from '../../support/upgradePlans.ts';
import { CAPSULE_KEY, packEnvelopeBy } from '../../support/sealedRun.ts';
import { CAPSULE_HASH, rehearse, virtualOptions, virtualPlan } from '../../support/virtualPlans.ts';
import { runVirtual } from '../../../src/runtime/virtual/run.ts';

const PLANS = sweepOf(300, 100);
const packEnvelope = packEnvelopeBy(CAPSULE_KEY, CAPSULE_HASH);

/** Throws with all contradictions that were found. */
function seal(observation: RunObservation): void {
  sealRun({ observation, capsuleHash: CAPSULE_HASH, packEnvelope, key: CAPSULE_KEY });
}

describe('what is observed of a run in virtual time is sealed', () => {
  for (const preset of CHAOS_PRESETS) {
    it(`under ${preset}, in every topology, checks on and off`, async () => {
      for (const nodes of [2, 3, 6, 10]) {
        for (const topology of [
          { kind: 'uniform' },
          { kind: 'ring' },
          { kind: 'star' },
          regionTopology(USUAL_REGIONS),
        ] as const) {
          for (const verifySignatures of [true, false]) {
            const params = { nodes, latencyMs: [5, 40] as [number, number], verifySignatures };
            const plan = { params, topology, chaos: { preset } };
            const { observation } = await rehearse({ ...plan, deadlineMs: 20_000 });
            seal(observation);
          }
        }
      }
    });
  }

  it('where a double makes up for a chunk that was damaged', async () => {
    const { observation } = await rehearse({
      seed: 0,
      params: { nodes: 3, latencyMs: [0, 0], packetLoss: 0, verifySignatures: false },
      chaos: {
        faults: [
          { when: { atMs: 0 }, do: { corruptChunks: { to: 'n2', count: 1 } } },
          {
            when: { atMs: 0 },
            do: { degradeLink: { duplicate: 0.0155954419169575, from: 'n0', to: 'n2' } },
          },
        ],
      },
      deadlineMs: 1000,
    });
    seal(observation);
  });

  it('where one fault kills a node for good and another brings it back', async () => {
    const { observation } = await rehearse({
      seed: 0,
      params: { nodes: 4, latencyMs: [0, 0], packetLoss: 0 },
      chaos: {
        faults: [
          { when: { atMs: 0 }, do: { byzantine: 'n1' } },
          { when: { node: 'n0', phase: 'boot', progress: 0 }, do: { kill: 'n3' } },
          { when: { afterFault: 0, delayMs: 11 }, do: { kill: 'n3', restartAfterMs: 0 } },
        ],
      },
      deadlineMs: 1000,
    });
    assert.equal(observation.outcome, 'pass');
    seal(observation);
  });

  it('where a fault waits for one that killed a node for good, which another brings back', async () => {
    const receiving = { node: 'n1', phase: 'receive', progress: 0.01 } as const;
    const { observation } = await rehearse({
      seed: 17,
      params: { nodes: 2, latencyMs: [45, 45], packetLoss: 0 },
      chaos: {
        faults: [
          { when: receiving, do: { kill: 'n1' } },
          { when: { afterFault: 0, delayMs: 0 }, do: { corruptChunks: { to: 'n1', count: 28 } } },
          { when: receiving, do: { kill: 'n1', restartAfterMs: 0 } },
        ],
      },
      deadlineMs: 5000,
    });
    assert.notEqual(observation.faults[1]?.firedAt, null);
    seal(observation);
  });

  it('of any plan at all, whether it passes or fails', async () => {
    const outcomes = { pass: 0, fail: 0 };
    await fc.assert(
      fc.asyncProperty(anyVirtualPlan, async (input) => {
        let observation: RunObservation;
        try {
          ({ observation } = await runVirtual(virtualOptions(virtualPlan(input))));
        } catch (error) {
          // A plan the product refuses before it starts.
          if (error instanceof MeshSimError && error.code === 'plan-invalid') return;
          throw error;
        }
        outcomes[observation.outcome] += 1;
        seal(observation);
      }),
      { numRuns: PLANS },
    );
    const least = PLANS / 15;
    assert.ok(outcomes.pass > least && outcomes.fail > least, JSON.stringify(outcomes));
  });

  it('but for an upgrade without the signed pack of what ran before', async () => {
    const { observation } = await runUpgrade(randomUpgrade(1));
    assert.throws(() => seal(observation), /is sealed with the pack it starts from/);
  });
});
