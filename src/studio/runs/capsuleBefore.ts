import { MeshSimError } from '../../base/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { findCapsule, type SignedCapsule } from '../capsules/findCapsule.ts';
import type { Workspace } from '../workspace/workspace.ts';

const SHOWN = 12;

/**
 * The Capsule that all nodes of an upgrade run at first, signed by somebody who is trusted as the new one is; undefined: the
 * plan has no upgrade.
 * @throws MeshSimError `plan-invalid` for one of another product, and what findCapsule throws
 */
export async function capsuleBefore(
  workspace: Workspace,
  { upgrade }: Plan,
  { capsule }: SignedCapsule,
): Promise<SignedCapsule | undefined> {
  if (upgrade === undefined) return undefined;
  const before = await findCapsule(workspace, upgrade.from);
  const { name } = before.capsule.manifest;
  if (name === capsule.manifest.name) return before;
  throw new MeshSimError(
    'plan-invalid',
    `The upgrade of this plan starts from Capsule ${upgrade.from.slice(0, SHOWN)} of "${name}", but ${capsule.capsuleHash.slice(0, SHOWN)} is of "${capsule.manifest.name}": name one of the same product.`,
  );
}
