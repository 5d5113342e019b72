import assert from 'node:assert/strict';
import { sealRun } from '../../../src/evidence/seal.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import type { Fault } from '../../../src/model/plan.ts';
import { seal } from '../../support/genuineRuns.ts';
import { CAPSULE_KEY, packedBefore, packEnvelopeBy } from '../../support/sealedRun.ts';
import { sweepOf } from '../../support/sweep.ts';
import { randomUpgrade, runUpgrade } from '../../support/upgradePlans.ts';
import { UPGRADE, upgradeObservation } from '../../support/upgradeObservation.ts';
import { CAPSULE_HASH } from '../../support/virtualPlans.ts';

const SEEDS = sweepOf(300, 100);

function sealRandom(observation: RunObservation): void {
  sealRun({
    ...{ observation, capsuleHash: CAPSULE_HASH, key: CAPSULE_KEY, before: packedBefore() },
    packEnvelope: packEnvelopeBy(CAPSULE_KEY, CAPSULE_HASH),
  });
}

describe('what is observed of an upgrade in virtual time is sealed', () => {
  it(`of any strategy, order and rollback, whatever chaos does (${SEEDS} seeds)`, async () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { observation } = await runUpgrade(randomUpgrade(seed));
      ends.add(observation.upgrade?.rollback.reason === undefined ? 'there' : 'and back');
      try {
        sealRandom(observation);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.equal(ends.size, 2);
  });

  it('where a node offers other content, and checks are on or off', async () => {
    const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];
    for (const verifySignatures of [true, false]) {
      for (const rollback of ['never', 'after-half', 'after-all'] as const) {
        const observation = await upgradeObservation({
          params: { nodes: 3, verifySignatures },
          drift,
          upgrade: { ...UPGRADE, rollback },
        });
        assert.equal(observation.outcome, 'fail');
        seal(observation);
      }
    }
  });

  it('where no signature is checked, and says that nobody saw one', async () => {
    const observation = await upgradeObservation({ params: { nodes: 3, verifySignatures: false } });
    const versions = observation.invariants.find(({ name }) => name === 'every-version-verified');
    assert.equal(versions?.observed, 'not-observed');
    assert.equal(versions.details, 'No signature was checked, as the plan says.');
    seal(observation);
  });

  it('where it did not come to its end', async () => {
    const faults: Fault[] = [{ when: { wave: 2 }, do: { kill: 'n1' } }];
    const observation = await upgradeObservation({
      upgrade: { ...UPGRADE, strategy: { kind: 'rolling', batch: 1, pauseMs: 100 } },
      chaos: { faults },
    });
    assert.equal(observation.upgrade?.outcome, 'unfinished');
    seal(observation);
  });

  it('at whatever time the run ends', async () => {
    for (let deadlineMs = 2500; deadlineMs < 6000; deadlineMs += 250) {
      seal(await upgradeObservation({ deadlineMs }));
    }
  });

  it('where faults wait for waves and windows', async () => {
    const faults: Fault[] = [
      { when: { wave: 2 }, do: { kill: 'n0', restartAfterMs: 200 } },
      { when: { upgrade: 'mixed' }, do: { slow: 'n1', factor: 2 } },
      { when: { upgrade: 'rolled-back' }, do: { slow: 'n2', factor: 2 } },
      { when: { upgrade: 'done' }, do: { kill: 'n1', restartAfterMs: 100 } },
    ];
    seal(await upgradeObservation({ chaos: { faults } }));
  });

  it('where faults wait until names switch', async () => {
    const when = { wave: 1, since: 'switched' } as const;
    const observation = await upgradeObservation({
      upgrade: { ...UPGRADE, strategy: { kind: 'blue-green' } },
      chaos: { faults: [{ when, do: { kill: 'n1', restartAfterMs: 100 } }] },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    seal(observation);
  });

  it('where a node is killed while it migrates, and migrates again', async () => {
    const when = { migrates: 'n1', since: 'begun', delayMs: 5 } as const;
    const observation = await upgradeObservation({
      chaos: { faults: [{ when, do: { kill: 'n1', restartAfterMs: 100 } }] },
    });
    assert.equal(observation.outcome, 'pass', observation.cause);
    const migrations = observation.nodeReports[1]?.phases.filter(({ name }) => name === 'migrate');
    assert.equal(migrations?.[0]?.status, 'error');
    assert.ok(migrations.slice(1).some(({ status }) => status === 'ok'));
    seal(observation);
  });
});
