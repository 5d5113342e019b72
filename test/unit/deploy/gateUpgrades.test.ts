import assert from 'node:assert/strict';
import { decide } from '../../../src/deploy/gate.ts';
import { effectivePolicy } from '../../../src/deploy/gatePolicy.ts';
import { neededPlan } from '../../../src/deploy/neededPlan.ts';
import { replacedBy } from '../../../src/deploy/upgradeRules.ts';
import { reasonsOf, type Decision } from '../../../src/model/deploy.ts';
import { environmentSchema, type GatePolicy } from '../../../src/model/environments.ts';
import { resealed } from '../../support/alteredEvidence.ts';
import { HOUR_MS } from '../../support/gateCases.ts';
import { ENDED_MS, gateInputOf, rehearsal, type Rehearsal } from '../../support/gateWorld.ts';
import { set } from '../../support/jsonEdit.ts';
import { CAPSULE_HASH, keyNumber } from '../../support/sealedRun.ts';
import { UPGRADE } from '../../support/upgradeObservation.ts';
import { OLD_HASH } from '../../support/upgradePlans.ts';
import { rehearsalOf, sealedUpgrade } from '../../support/upgradeRehearsals.ts';

const OTHER = '6'.repeat(64);
const drift = [{ node: 'n1', service: 'orders', commit: 'abcdef12' }];

/** What was rehearsed. */
const REHEARSALS = {
  'there and back': async () => rehearsalOf(await sealedUpgrade()),
  straight: async () => {
    const upgrade = { ...UPGRADE, rollback: 'never' as const };
    return rehearsalOf(await sealedUpgrade({ plan: { upgrade } }));
  },
  'from another': async () => {
    const upgrade = { ...UPGRADE, from: OTHER };
    return rehearsalOf(await sealedUpgrade({ plan: { upgrade }, from: OTHER }));
  },
  'a first start': () => rehearsal(),
  'a partial upgrade': async () => rehearsalOf(await sealedUpgrade({ plan: { drift } })),
  'one that did not end': async () =>
    rehearsalOf(await sealedUpgrade({ plan: { deadlineMs: 1500 } })),
  'in virtual time': async () => rehearsalOf(await sealedUpgrade({ isVirtual: true })),
  'from a stranger': async () => rehearsalOf(await sealedUpgrade({ packer: keyNumber(5) })),
  'a missing window': async () => {
    const of = await sealedUpgrade();
    const windows = 'predicate.meshsim_evidence.upgrade.windows';
    return { ...rehearsalOf(of), bytes: resealed(set(windows, []), { of }) };
  },
} satisfies Record<string, () => Rehearsal | Promise<Rehearsal>>;

type Rehearsed = keyof typeof REHEARSALS;

/** What may be active, newest first. */
const ACTIVE = {
  nothing: [],
  'the old one': [OLD_HASH],
  'another one': [OTHER],
  'this very one': [CAPSULE_HASH],
  'the old one, or another': [OLD_HASH, OTHER],
  'this very one, or the old': [CAPSULE_HASH, OLD_HASH],
} as const;

const POLICIES = {
  active: { upgradeFrom: 'active' },
  'active, and back': { upgradeFrom: 'active', requireRollback: true },
  back: { upgradeFrom: 'any', requireRollback: true },
  any: { upgradeFrom: 'any' },
} as const satisfies Record<string, Partial<GatePolicy>>;

type Row = readonly [Rehearsed, keyof typeof ACTIVE, keyof typeof POLICIES, ...string[]];

const [FROM, BACK] = ['from-active', 'way-back'];

const CASES: readonly Row[] = [
  // The upgrade from what is active, with and without a way back.
  ['there and back', 'the old one', 'active'],
  ['there and back', 'the old one', 'active, and back'],
  ['there and back', 'the old one', 'back'],
  ['there and back', 'the old one', 'any'],
  ['straight', 'the old one', 'active'],
  ['straight', 'the old one', 'active, and back', BACK],
  ['straight', 'the old one', 'back', BACK],
  ['straight', 'the old one', 'any'],
  // What is active has changed since, or was rolled back by a deploy.
  ['there and back', 'another one', 'active', FROM],
  ['there and back', 'another one', 'active, and back', FROM],
  ['there and back', 'another one', 'back'],
  ['there and back', 'another one', 'any'],
  ['straight', 'another one', 'active', FROM],
  ['straight', 'another one', 'active, and back', FROM, BACK],
  ['from another', 'another one', 'active'],
  ['from another', 'another one', 'active, and back'],
  ['from another', 'the old one', 'active', FROM],
  ['from another', 'the old one', 'active, and back', FROM],
  ['from another', 'the old one', 'back'],
  // Nothing is active: the first deploy ever.
  ['a first start', 'nothing', 'active'],
  ['a first start', 'nothing', 'active, and back'],
  ['a first start', 'nothing', 'back'],
  ['there and back', 'nothing', 'active'],
  ['straight', 'nothing', 'active, and back'],
  // A deploy of what is active already.
  ['a first start', 'this very one', 'active'],
  ['a first start', 'this very one', 'active, and back'],
  ['a first start', 'this very one', 'back'],
  ['straight', 'this very one', 'active, and back'],
  // No upgrade was rehearsed.
  ['a first start', 'the old one', 'active', FROM],
  ['a first start', 'the old one', 'active, and back', FROM, BACK],
  ['a first start', 'the old one', 'back', BACK],
  ['a first start', 'the old one', 'any'],
  // The record of the newest deploy does not verify.
  ['there and back', 'the old one, or another', 'active', FROM],
  ['from another', 'the old one, or another', 'active', FROM],
  ['there and back', 'the old one, or another', 'back'],
  ['there and back', 'the old one, or another', 'any'],
  ['there and back', 'this very one, or the old', 'active', FROM],
  ['a first start', 'this very one, or the old', 'active, and back', FROM, BACK],
  // Upgrades that did not come to their end.
  ['a partial upgrade', 'the old one', 'active', 'outcome-pass', 'no-drift', FROM],
  ['a partial upgrade', 'the old one', 'any', 'outcome-pass', 'no-drift'],
  ['a partial upgrade', 'another one', 'active', 'outcome-pass', 'no-drift', FROM],
  ['one that did not end', 'the old one', 'active', 'outcome-pass', FROM],
  ['one that did not end', 'the old one', 'back', 'outcome-pass'],
  // Evidence of the right upgrade that proves nothing, or not enough.
  ['in virtual time', 'the old one', 'active', 'real-world'],
  ['in virtual time', 'the old one', 'active, and back', 'real-world'],
  ['in virtual time', 'another one', 'active', 'real-world', FROM],
  ['from a stranger', 'the old one', 'active', 'signer-trusted'],
  ['a missing window', 'the old one', 'active', 'evidence-recorded', 'evidence-genuine'],
];

function environmentOf(gate: Partial<GatePolicy>) {
  return environmentSchema.parse({
    production: true,
    target: { kind: 'directory', path: 'there' },
    gate: { minPacketLoss: 0, requireChaos: false, ...gate },
  });
}

describe('the gate and upgrades', () => {
  const known = new Map<Rehearsed, Promise<Rehearsal>>();
  const rehearsalNamed = (name: Rehearsed): Promise<Rehearsal> => {
    const made = known.get(name) ?? Promise.resolve(REHEARSALS[name]());
    known.set(name, made);
    return made;
  };

  async function ask([rehearsed, active, policy]: Row): Promise<Decision> {
    const input = { ...gateInputOf(await rehearsalNamed(rehearsed)), active: ACTIVE[active] };
    const environment = environmentOf(POLICIES[policy]);
    return decide(input, effectivePolicy(environment), ENDED_MS + HOUR_MS);
  }

  for (const row of CASES) {
    const [rehearsed, active, policy, ...failed] = row;
    const verdict = failed.length === 0 ? 'allows' : 'refuses';
    it(`${verdict} ${rehearsed}, where ${active} is active and the gate asks for ${policy}`, async () => {
      const decision = await ask(row);
      const broken = decision.rules.filter(({ status }) => status === 'failed');
      assert.deepEqual(
        broken.map(({ rule }) => rule),
        failed,
        reasonsOf(decision).join('\n'),
      );
      assert.equal(decision.decision, failed.length === 0 ? 'allow' : 'deny');
      assert.ok(reasonsOf(decision).every((sentence) => /^[^\n]+\.$/.test(sentence)));
    });
  }

  it('says what is active now, and what was rehearsed instead', async () => {
    const reasons = async (...row: Row) => reasonsOf(await ask(row)).join(' ');
    assert.equal(
      await reasons('there and back', 'another one', 'active'),
      'It upgraded from 444444444444, but 666666666666 is active in production now: rehearse the upgrade from that.',
    );
    assert.match(
      await reasons('there and back', 'the old one, or another', 'active'),
      /any of 444444444444, 666666666666 may be active there/,
    );
    assert.match(await reasons('from a stranger', 'the old one', 'active'), /Upgraded from 4{64}/);
  });

  it('are asked for the objectives that probes measure, and for no others, where all must be met', async () => {
    const asked = async (measuredBy: 'probes' | 'calls' | undefined) => {
      const metric = measuredBy === undefined ? 'recovery-ms' : 'latency-p95-ms';
      const objective = { name: 'quick', metric, comparator: '<=', threshold: 500 } as const;
      const input = gateInputOf(await rehearsalNamed('there and back'));
      const pack = input.pack && {
        ...input.pack,
        objectives: [{ service: 'web', objective, measuredBy }],
      };
      const environment = environmentOf({ objectives: 'met' });
      const given = { ...input, pack, active: ACTIVE['the old one'] };
      const { rules } = decide(given, effectivePolicy(environment), ENDED_MS + HOUR_MS);
      return rules.find(({ rule }) => rule === 'objectives')?.status;
    };
    assert.equal(await asked('probes'), 'failed');
    assert.equal(await asked('calls'), 'ok');
    assert.equal(await asked(undefined), 'ok');
  });

  it('are told to have been measured when all nodes ran the new Capsule', async () => {
    const { rules } = await ask(['there and back', 'the old one', 'active']);
    assert.equal(
      rules.find(({ rule }) => rule === 'objectives')?.sentence,
      '0 objectives were measured when all nodes ran the new Capsule, and none was missed.',
    );
  });

  it('are asked for by production as soon as a Capsule is active there, and nowhere else', () => {
    const { target } = environmentOf({});
    const asked = (production: boolean) =>
      effectivePolicy({ production, gate: {}, target, endpoints: [], secrets: [] })?.upgradeFrom;
    assert.equal(asked(true), 'active');
    assert.equal(asked(false), 'any');
  });

  it('asks for exactly that rehearsal', () => {
    const policy = effectivePolicy(environmentOf({ upgradeFrom: 'active' }));
    const input = { capsuleHash: CAPSULE_HASH, active: [OLD_HASH] };
    const needed = neededPlan(CAPSULE_HASH, policy, { replaced: replacedBy(input) });
    assert.deepEqual(needed?.upgrade, { from: OLD_HASH, rollback: 'after-half' });
    assert.equal(neededPlan(CAPSULE_HASH, policy)?.upgrade, undefined);
    const any = effectivePolicy(environmentOf({ upgradeFrom: 'any' }));
    assert.equal(neededPlan(CAPSULE_HASH, any, { replaced: [OLD_HASH] })?.upgrade, undefined);
  });
});
