import { MeshSimError } from '../../base/errors.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * What real nodes cannot rehearse of an upgrade: a run that left it out would have rehearsed something else.
 * @throws MeshSimError plan-invalid
 */
export function refuseUnableUpgrade(plan: Plan): void {
  const { upgrade, world } = plan;
  if (upgrade === undefined || world === 'virtual') return;
  if (upgrade.strategy.kind === 'blue-green') {
    refuse(
      'Real nodes cannot run both Capsules at once, as "blue-green" does: take "rolling", "canary" or "all-at-once", or --virtual.',
    );
  }
  // While nodes run different Capsules nothing is measured.
  const flag = (['failOnObjectives', 'failOnRegression'] as const).find(
    (one) => plan[one] === true,
  );
  if (flag === undefined) return;
  refuse(`Objectives are not measured during an upgrade: leave "${flag}" out, or "upgrade".`);
}

function refuse(sentence: string): never {
  throw new MeshSimError('plan-invalid', sentence);
}
