import assert from 'node:assert/strict';
import { decisionLines } from '../../../src/cli/decisionLines.ts';
import { paintFor } from '../../../src/cli/paint.ts';
import { decide } from '../../../src/deploy/gate.ts';
import { effectivePolicy } from '../../../src/deploy/gatePolicy.ts';
import { neededPlan } from '../../../src/deploy/neededPlan.ts';
import { environmentSchema, type GatePolicy } from '../../../src/model/environments.ts';
import { reasonsOf } from '../../../src/model/deploy.ts';
import { gateInputOf, rehearsal } from '../../support/gateWorld.ts';
import { CAPSULE_HASH } from '../../support/sealedRun.ts';
import { rehearse } from '../../support/virtualPlans.ts';

const SEEDS = [1, 2, 3, 4, 5];

const GATES: Readonly<Record<string, Partial<GatePolicy>>> = {
  'production without a gate of its own': {},
  'many nodes and much loss': { minNodes: 9, minPacketLoss: 12 },
  'less than a percent of loss': { minPacketLoss: 0.4 },
  'links slower than usual': { minLatencyMs: 300 },
  'no chaos': { requireChaos: false },
};

function policyOf(gate: Partial<GatePolicy>) {
  const target = { kind: 'directory', path: 'x' };
  return effectivePolicy(environmentSchema.parse({ production: true, gate, target }));
}

describe('the rehearsal a gate asks for', () => {
  for (const [name, gate] of Object.entries(GATES)) {
    it(`is one that this gate lets through, however small the product: ${name}`, async () => {
      const policy = policyOf({ ...gate, allowVirtual: true });
      const plan = neededPlan(CAPSULE_HASH, policy);
      assert.ok(plan);
      for (const seed of SEEDS) {
        const asked = { ...plan, world: 'virtual' as const, seed };
        const { observation } = await rehearse(asked, { chunkSizes: [40_000, 900] });
        const { nodes } = plan.params;
        const run = rehearsal({ nodes, plan: asked, observed: () => observation });
        const ended = { ledger: { newestAt: observation.endedAt } };
        const input = { ...gateInputOf(run), ...ended };
        const decision = decide(input, policy, Date.parse(observation.endedAt));

        assert.equal(decision.decision, 'allow', `seed ${seed}: ${reasonsOf(decision).join(' ')}`);
      }
    });
  }

  it('has delays a tenth of which is more than twice what a LAN is allowed to be off', () => {
    const [min = 0, max = 0] = neededPlan(CAPSULE_HASH, policyOf({}))?.params.latencyMs ?? [];

    assert.ok(((min + max) / 2) * 0.1 > 2 * 5);
  });

  it('puts nodes on the hosts that there are, where the gate asks for any', () => {
    const described = { edge: 'ssh', box: 'docker' } as const;
    const needed = (hosts: GatePolicy['hosts'], known = described) => {
      const plan = neededPlan(CAPSULE_HASH, policyOf({ hosts }), { hosts: known });
      return plan && [plan.params.nodes, plan.hosts];
    };
    const both = { '*': ['edge', 'box'] };
    const cases: readonly [GatePolicy['hosts'], ReturnType<typeof needed>][] = [
      [undefined, [5, undefined]],
      [{ kinds: ['local'] }, [5, undefined]],
      [{ minRemote: 2 }, [5, both]],
      [{ minRemote: 7 }, [8, both]],
      [{ minRemote: 10 }, [10, { n0: 'edge', ...both }]],
      [{ distinctHosts: 3 }, [5, both]],
      [{ distinctHosts: 4 }, undefined],
      [{ kinds: ['ssh'] }, [5, { n0: 'edge', '*': ['edge'] }]],
      [{ kinds: ['local', 'docker'], minRemote: 1 }, [5, { '*': ['box'] }]],
      [{ kinds: ['podman'] }, undefined],
    ];
    for (const [hosts, plan] of cases) {
      assert.deepEqual(needed(hosts), plan, JSON.stringify(hosts));
    }
  });

  it('says on the command line where nodes live', () => {
    const policy = policyOf({ hosts: { kinds: ['ssh'] } });
    const needs = neededPlan(CAPSULE_HASH, policy, { hosts: { edge: 'ssh', far: 'ssh' } });
    const decision = decide(gateInputOf(rehearsal()), policy, 0);
    const lines = decisionLines({ decision, policy, needs }, paintFor(false));
    assert.match(lines.at(-1) ?? '', / --chaos crash-mid-deploy --on n0=edge --spread edge,far$/);
  });

  it('is none where no rehearsal is asked for', () => {
    const target = { kind: 'directory', path: 'x' };
    const policy = effectivePolicy(environmentSchema.parse({ target }));

    assert.equal(neededPlan(CAPSULE_HASH, policy), undefined);
  });
});
