import { MeshSimError } from '../../base/errors.ts';
import type { StartRequest } from '../../model/api.ts';
import type { Plan } from '../../model/plan.ts';
import { findCapsule } from '../capsules/findCapsule.ts';
import { parsePlan } from './planFile.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * The plan a request asks for: its Capsule by hash, or that of any provenance run, and the plan's defaults for the rest.
 * @throws MeshSimError `capsule-unknown`, `capsule-ambiguous`, `run-unknown`, `plan-invalid`
 */
export async function planOfRequest(
  workspace: Workspace,
  request: Omit<StartRequest, 'capture' | 'hold'>,
): Promise<Plan> {
  const { runId, capsuleHash, ...rest } = request;
  const prefix = capsuleHash ?? (await capsuleOfRun(workspace, runId ?? ''));
  const { capsule } = await findCapsule(workspace, prefix);
  return parsePlan({ ...rest, capsuleHash: capsule.capsuleHash }, 'The request');
}

async function capsuleOfRun(workspace: Workspace, runId: string): Promise<string> {
  const rows = workspace.hasLedger() ? (await workspace.index()).rows() : [];
  const row = rows.find(({ leafHash, simId }) => leafHash === runId || simId === runId);
  if (row !== undefined) return row.capsuleHash;
  throw new MeshSimError('run-unknown', `No provenance run "${runId}" in this workspace.`);
}
