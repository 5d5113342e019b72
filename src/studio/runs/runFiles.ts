import { MeshSimError } from '../../base/errors.ts';
import type { EvidenceStatement } from '../../model/evidence.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import { checkSignedEvents } from './signedEvents.ts';
import { readIfPresent } from './storedCapsim.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/**
 * Whether what lies beside a run's `.capsim` is what was signed: its events and its plan. Neither is needed, since the
 * evidence carries the plan and the digest of the events: one that is missing says nothing, one that is another is altered.
 * @throws MeshSimError `evidence-invalid` naming the file
 */
export async function assertRunFiles(
  workspace: Workspace,
  statement: EvidenceStatement,
): Promise<void> {
  const { result, plan } = statement.predicate.meshsim_evidence;
  const events = await checkSignedEvents(workspace, statement);
  if (events.status === 'failed') throw new MeshSimError('evidence-invalid', events.sentence);
  const file = runPaths(workspace.paths, result.simId).plan;
  const stored = await readIfPresent(file);
  if (stored === undefined || isPlan(stored, plan)) return;
  throw new MeshSimError('evidence-invalid', `${file} is not the plan that was signed.`);
}

function isPlan(stored: Uint8Array, plan: unknown): boolean {
  try {
    const read: unknown = JSON.parse(Buffer.from(stored).toString('utf8'));
    return Buffer.compare(canonicalBytes(read), canonicalBytes(plan)) === 0;
  } catch {
    return false;
  }
}
