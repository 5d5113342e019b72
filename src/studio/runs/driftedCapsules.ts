import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { repackServiceAt } from '../../capsule/pack.ts';
import type { Capsule } from '../../model/capsule.ts';
import { nodeIndexOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * Node id → the Capsule that node is really offered: the signed one with drifted services at other commits. Several
 * drifts of one node add up.
 * @throws MeshSimError `plan-invalid` for an unknown node or service, `unknown-commit`
 */
export async function driftedCapsules(
  workspace: Workspace,
  plan: Plan,
  capsule: Capsule,
  signal: AbortSignal,
): Promise<Map<string, Capsule>> {
  const drifted = new Map<string, Capsule>();
  for (const { node, service, commit } of plan.drift) {
    assertNodeExists(plan, node);
    const current = drifted.get(node) ?? capsule;
    const repacked = await repackServiceAt({
      capsule: current,
      registryFolder: path.resolve(workspace.paths.folder),
      service,
      commit,
      store: workspace.store,
      signal,
    });
    drifted.set(node, repacked);
  }
  for (const [node, offered] of drifted) {
    if (offered.capsuleHash !== capsule.capsuleHash) continue;
    throw new MeshSimError(
      'plan-invalid',
      `The drift of ${node} changes nothing: the given commit has the signed content; name another commit.`,
    );
  }
  return drifted;
}

function assertNodeExists(plan: Plan, node: string): void {
  if (nodeIndexOf(node) < plan.params.nodes) return;
  throw new MeshSimError(
    'plan-invalid',
    `Drift names ${node}, but the run has ${plan.params.nodes} nodes: n0 to n${plan.params.nodes - 1}.`,
  );
}
