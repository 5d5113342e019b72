import assert from 'node:assert/strict';
import { compilePlan } from '../../../../src/mesh/compiledPlan.ts';
import {
  planSchema,
  type Fault,
  type PlanInput,
  type Trigger,
} from '../../../../src/model/plan.ts';
import { isMeshSimError } from '../../../support/errorCode.ts';

function compile(upgrade: object, when?: Trigger, more: Partial<PlanInput> = {}) {
  const faults: Fault[] = when === undefined ? [] : [{ when, do: { slow: 'n1', factor: 2 } }];
  const own = { from: '4'.repeat(64), ...upgrade };
  const plan = { capsuleHash: '5'.repeat(64), world: 'virtual', upgrade: own, chaos: { faults } };
  return compilePlan(planSchema.parse({ ...plan, ...more }));
}

function refused(sentence: RegExp, ...args: Parameters<typeof compile>): void {
  assert.throws(() => compile(...args), isMeshSimError('plan-invalid', sentence));
}

describe('the rules of an upgrade', () => {
  it('refuse a fault that waits for a wave there is not', () => {
    compile({}, { wave: 11 });
    refused(
      /^chaos fault 0 waits for wave 12, but this upgrade has 11; name one of those\.$/,
      {},
      { wave: 12 },
    );
  });

  it('let a fault wait for waves back after a failure', () => {
    const upgrade = { rollback: 'on-failure' };
    compile(upgrade, { wave: 10 });
    compile(upgrade, { upgrade: 'rolled-back' });
    refused(/has 10, those back included/, upgrade, { wave: 11 });
  });

  it('refuse a fault that waits for a way back that never comes', () => {
    const when = { upgrade: 'rolled-back' } as const;
    refused(
      /^chaos fault 0 waits until all is rolled back, but this upgrade never goes back/,
      { rollback: 'never' },
      when,
    );
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const fit = seeds.filter((seed) => {
      try {
        return compile({ rollback: 'seeded' }, when, { seed });
      } catch (error) {
        return !isMeshSimError('plan-invalid', /as its seed draws/)(error);
      }
    });
    assert.ok(fit.length > 0 && fit.length < seeds.length);
  });

  it('refuse pauses that last beyond the deadline', () => {
    refused(
      /^The upgrade of this plan rests for 36000 ms between its 11 waves, but its deadline is 30000 ms: raise deadlineMs/,
      {},
      undefined,
      { deadlineMs: 30_000 },
    );
  });
});
