import assert from 'node:assert/strict';
import {
  upgradeClaimsOf,
  type UpgradeClaims,
} from '../../../src/evidence/meaning/upgradeClaims.ts';
import * as outcome from '../../../src/evidence/meaning/upgradeOutcome.ts';
import * as upgradePlan from '../../../src/evidence/meaning/upgradePlan.ts';
import * as waves from '../../../src/evidence/meaning/upgradeWaves.ts';
import * as windows from '../../../src/evidence/meaning/upgradeWindows.ts';
import type { Claims, Rule } from '../../../src/evidence/meaning/rule.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { ROLLBACKS } from '../../../src/model/upgradeChoices.ts';
import { upgradePlanSchema } from '../../../src/model/upgradePlan.ts';
import type { UpgradeOutcome } from '../../../src/model/upgradeReport.ts';
import { upgradeEvent } from '../../../src/runtime/upgrade/event.ts';
import { UpgradeRecord } from '../../../src/runtime/upgrade/record.ts';
import { UpgradeModel, type ModelOptions } from '../../support/upgradeModel.ts';

/** What needs waves and windows alone; what nodes did is not modelled. */
const RULES: readonly Rule[] = [
  upgradePlan.orderIsThePlans,
  upgradePlan.waysBackHaveAReason,
  ...Object.values(waves),
  windows.windowsDivideTheTime,
  windows.windowsFitTheWaves,
  windows.wavesFallIntoMixedWindows,
  windows.noWindowIsMissing,
  outcome.upgradeOutcomeFollows,
];

/** What was told by a conductor among nodes that crash, halt and fail, as claims of evidence. */
function claimsOf(options: ModelOptions) {
  const model = new UpgradeModel(options).run();
  const upgrade = upgradePlanSchema.parse({ from: 'a'.repeat(64), ...options.upgrade });
  const plan = { params: { nodes: options.nodes }, seed: options.seed, upgrade };
  const record = new UpgradeRecord(upgrade, plan as never);
  for (const [index, told] of model.told.entries()) {
    const common = { seq: index, simId: '', at: model.toldAt[index]! };
    const body =
      told.kind === 'halted'
        ? { type: 'upgrade', status: 'halted', nodeId: nodeIdOf(told.node), details: 'Drift.' }
        : upgradeEvent(told);
    record.apply({ ...common, ...body } as MeshEvent);
  }
  const report = record.report(model.nowMs, { indicators: [], comparisons: [] });
  const evidence = { plan, upgrade: { ...report, from: { digest: { sha256: upgrade.from } } } };
  const claimed = upgradeClaimsOf(evidence as never, {} as never, undefined);
  const claims = { upgrade: claimed, plan: { world: 'virtual' }, lastedMs: model.nowMs };
  return { claims: claims as Claims, report };
}

function problemsIn(claims: Claims): string[] {
  return RULES.flatMap((rule) => [...rule(claims)]);
}

const STRATEGIES = [
  { kind: 'rolling', batch: 1, pauseMs: 100 },
  { kind: 'rolling', batch: 3, pauseMs: 0 },
  { kind: 'canary', nodes: 1, bakeMs: 200 },
  { kind: 'all-at-once' },
] as const;

function optionsOf(seed: number, rollback: (typeof ROLLBACKS)[number]): ModelOptions {
  const nodes = 2 + (seed % 4);
  const strategy = STRATEGIES[seed % STRATEGIES.length]!;
  return {
    upgrade: { strategy, rollback, order: 'seeded', workloadMs: 200 },
    ...{ nodes, seed, crashes: seed % 3 },
    ...(seed % 5 === 0 ? { drifted: [seed % nodes] } : {}),
    ...(seed % 2 === 0
      ? { fails: (node, to) => to === 'new' && node === (seed >> 1) % nodes }
      : {}),
  };
}

describe('waves, windows and outcome of an upgrade', () => {
  it('are what its plan leads to, whoever crashes, halts or fails', () => {
    const ends = new Set<UpgradeOutcome>();
    for (const rollback of ROLLBACKS) {
      for (let seed = 1; seed <= 120; seed++) {
        const { claims, report } = claimsOf(optionsOf(seed, rollback));
        assert.deepEqual(problemsIn(claims), [], `${rollback}, seed ${seed}`);
        ends.add(report.outcome);
      }
    }
    assert.deepEqual([...ends].sort(), ['completed', 'incomplete', 'rolled-back', 'stopped']);
  });

  const FAILED: ModelOptions = {
    upgrade: {
      ...{ strategy: { kind: 'rolling', batch: 1, pauseMs: 100 }, workloadMs: 200 },
      ...{ order: 'listed', rollback: 'on-failure' },
    },
    ...{ nodes: 3, seed: 1, fails: (node, to) => to === 'new' && node === 1 },
  };
  const altered = (change: (report: UpgradeClaims['report']) => void): string => {
    const { report, claims } = claimsOf(FAILED);
    const copy = structuredClone({
      ...report,
      from: { digest: { sha256: 'a'.repeat(64) } },
    }) as UpgradeClaims['report'];
    change(copy);
    const { upgrade } = claims.upgrade!;
    const plan = { params: { nodes: 3 }, seed: 1, upgrade };
    const again = upgradeClaimsOf({ plan, upgrade: copy } as never, {} as never, undefined);
    return problemsIn({ ...claims, upgrade: again }).join(' ');
  };

  it('show a way back from a failure that left a node behind', () => {
    assert.equal(
      altered(() => undefined),
      '',
    );
    assert.match(
      altered(({ waves: all }) => all.splice(3, 1)),
      /"rolled-back", but not every node was moved back/,
    );
  });

  it('show an upgrade that is called completed after a wave failed', () => {
    assert.match(
      altered((report) => (report.outcome = 'completed')),
      /"completed", but a node was last moved back/,
    );
  });

  it('show a wave that failed and is said to have ended well', () => {
    assert.match(
      altered(({ waves: all }) => (all[1]!.outcome = 'ok')),
      /Wave 3 moves n0 to the old Capsule, which its plan does not do there/,
    );
  });

  it('show an upgrade that went on where its plan stops', () => {
    assert.match(
      altered(({ rollback }) => (rollback.reason = undefined)),
      /does not say why/,
    );
  });
});
