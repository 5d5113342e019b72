import { nodeIdOf } from '../../model/nodeIds.ts';
import { isSame } from '../../signing/canonicalJson.ts';
import type { Rule } from './rule.ts';

/** What a statement says of its upgrade and its plan says too, or decides. */

/** Evidence of the schema for upgrades is of a plan with one, and of no other. */
export const upgradeIsThePlans: Rule = function* ({ evidence, plan, upgrade }) {
  const { upgrade: planned } = plan;
  if ('upgrade' in evidence !== (planned !== undefined)) {
    yield planned === undefined
      ? 'It tells of an upgrade, but its plan has none.'
      : 'Its plan is that of an upgrade, of which evidence of this schema says nothing.';
  }
  if (upgrade === undefined) return;
  const { from, strategy, rollback } = upgrade.report;
  if (from.digest.sha256 !== upgrade.upgrade.from) {
    yield 'It names another Capsule that ran before than its plan does.';
  }
  if (
    !isSame(strategy, upgrade.upgrade.strategy) ||
    rollback.planned !== upgrade.upgrade.rollback
  ) {
    yield "The upgrade's strategy or rollback is not its plan's.";
  }
};

/** Every node is in the order: the last leg takes them all. */
export const orderIsThePlans: Rule = function* ({ upgrade }) {
  if (upgrade === undefined) return;
  const expected = upgrade.legs.map(({ to, waves }) => ({
    to,
    waves: waves.map((wave) => wave.map(nodeIdOf)),
  }));
  if (isSame(upgrade.report.order, expected)) return;
  yield 'The order of its upgrade is not what strategy, order, rollback and seed of its plan resolve to.';
};

/** A way back has a reason, and only a way back. */
export const waysBackHaveAReason: Rule = function* ({ upgrade }) {
  if (upgrade === undefined) return;
  const { report, legs } = upgrade;
  const { reason } = report.rollback;
  const wentBack = report.waves.some(({ to }) => to === 'old');
  if (wentBack !== (reason !== undefined)) {
    yield wentBack
      ? 'Nodes were moved back to the old Capsule, but it does not say why.'
      : 'It says why nodes were moved back to the old Capsule, but none was.';
  }
  if (reason === undefined || legs.length === 1) return;
  const [taken, all] = [legs[0]?.waves.length ?? 0, legs[2]?.waves.length ?? 0];
  if (!reason.startsWith(`The plan goes back after ${taken} of ${all} waves`)) {
    yield `Its plan goes back after ${taken} of ${all} waves, but it gives another reason for its way back.`;
  }
};
