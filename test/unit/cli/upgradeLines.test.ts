import assert from 'node:assert/strict';
import { paintFor } from '../../../src/cli/paint.ts';
import { plainLine } from '../../../src/cli/plainLines.ts';
import { upgradeLines } from '../../../src/cli/upgradeLines.ts';
import { virtualSummary } from '../../../src/cli/virtualSummary.ts';
import { upgradeObservation } from '../../support/upgradeObservation.ts';
import { OLD_HASH, runUpgrade } from '../../support/upgradePlans.ts';
import { virtualPlan } from '../../support/virtualPlans.ts';

const STAMP = { seq: 1, at: 1234, simId: '0b8f8f5e-7c1d-4c38-9a55-6a1d6f5c2e11' };

describe('the lines of an upgrade', () => {
  it('say what it came to wave by wave, why it went back, and that it is not sealed', async () => {
    const plan = virtualPlan({
      params: { nodes: 2 },
      upgrade: {
        from: OLD_HASH,
        strategy: { kind: 'rolling', batch: 1, pauseMs: 0 },
        order: 'n0-last',
        workloadMs: 0,
      },
    });
    const { observation, summary } = await runUpgrade(plan);
    const lines = virtualSummary(observation, summary, paintFor(false));
    const told = lines.map((line) => line.replace(/[\d.]+–[\d.]+ s/, 'TIME'));
    const first = told.indexOf('Upgrade    completed, from 444444444444');
    assert.deepEqual(told.slice(first + 1, first + 6), [
      '  wave 1   → new  n1  TIME',
      '  wave 2   ← old  n1  TIME',
      '  wave 3   → new  n1  TIME',
      '  wave 4   → new  n0  TIME',
      '  back     The plan goes back after 1 of 2 waves.',
    ]);
    assert.ok(told.includes('Not sealed: evidence covers 2 to 10 nodes.'));
  });

  it('count the checks that passed, and name the others and the workload', async () => {
    const { upgrade } = await upgradeObservation();
    assert.ok(upgrade);
    const kept = { name: 'kept', window: 'mixed', wave: 1, outcome: 'passed' } as const;
    const checks = [
      ...['n0', 'n1'].map((nodeId) => ({ ...kept, nodeId })),
      { ...kept, nodeId: 'n2', outcome: 'failed', details: 'exited with code 1.' },
    ] as const;
    const workload = { nodeId: 'n1', outcome: 'ran' } as const;
    const promise = {
      name: 'web: there',
      metric: 'availability-percent',
      comparator: '>=',
    } as const;
    const measured = { threshold: 90, value: 95, sampleSize: 40, passed: true } as const;
    const indicators = [{ ...promise, ...measured, window: 'mixed' }] as const;
    const lines = upgradeLines({ ...upgrade, checks, workload, indicators });
    assert.deepEqual(lines.slice(-4), [
      '  checks   passed: 2 mixed',
      '  check    "kept" on n2, mixed: failed: exited with code 1.',
      '  load     on n1: ran until it was stopped',
      '  ✔ mixed        web: there  95 %, promised ≥ 90 %',
    ]);
  });

  it('tell while it goes on what is moved, and why', () => {
    const way = { type: 'wave', wave: 2, leg: 1, to: 'old' } as const;
    const wave = { ...way, nodes: ['n1', 'n2'] };
    assert.equal(
      plainLine({ ...STAMP, ...wave, status: 'begun' }),
      '   1.23 s  wave 2 to the old Capsule begun, n1, n2',
    );
    assert.equal(
      plainLine({ ...STAMP, ...wave, status: 'failed', details: 'n2 failed.' }),
      '   1.23 s  wave 2 to the old Capsule failed, n1, n2: n2 failed.',
    );
    assert.equal(
      plainLine({ ...STAMP, type: 'upgrade', status: 'rollback', details: 'The plan goes back.' }),
      '   1.23 s  upgrade rollback: The plan goes back.',
    );
  });
});
