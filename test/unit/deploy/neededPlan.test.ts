import assert from 'node:assert/strict';
import { decide } from '../../../src/deploy/gate.ts';
import { effectivePolicy } from '../../../src/deploy/gatePolicy.ts';
import { neededPlan } from '../../../src/deploy/neededPlan.ts';
import { environmentSchema, type GatePolicy } from '../../../src/model/environments.ts';
import { ENDED_MS, gateInputOf, rehearsal } from '../../support/gateWorld.ts';
import { CAPSULE_HASH } from '../../support/sealedRun.ts';

const GATES: Readonly<Record<string, Partial<GatePolicy>>> = {
  'production without a gate of its own': {},
  'many nodes and much loss': { minNodes: 9, minPacketLoss: 12 },
  'links slower than usual': { minLatencyMs: 300 },
  'no chaos': { requireChaos: false },
};

function policyOf(gate: Partial<GatePolicy>) {
  const target = { kind: 'directory', path: 'x' };
  return effectivePolicy(environmentSchema.parse({ production: true, gate, target }));
}

describe('the rehearsal a gate asks for', () => {
  for (const [name, gate] of Object.entries(GATES)) {
    it(`is one that this gate lets through: ${name}`, () => {
      const policy = policyOf(gate);
      const plan = neededPlan(CAPSULE_HASH, policy);
      assert.ok(plan);
      const { params, chaos } = plan;
      const run = rehearsal({ nodes: params.nodes, plan: { params, chaos } });

      assert.equal(decide(gateInputOf(run), policy, ENDED_MS + 1).decision, 'allow');
    });
  }

  it('has delays a tenth of which is more than twice what a LAN is allowed to be off', () => {
    const [min = 0, max = 0] = neededPlan(CAPSULE_HASH, policyOf({}))?.params.latencyMs ?? [];

    assert.ok(((min + max) / 2) * 0.1 > 2 * 5);
  });

  it('is none where no rehearsal is asked for', () => {
    const target = { kind: 'directory', path: 'x' };
    const policy = effectivePolicy(environmentSchema.parse({ target }));

    assert.equal(neededPlan(CAPSULE_HASH, policy), undefined);
  });
});
