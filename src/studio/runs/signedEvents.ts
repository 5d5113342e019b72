import { messageOf, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import type { VerificationStep } from '../../model/api.ts';
import type { EvidenceExtension, EvidenceStatement } from '../../model/evidence.ts';
import { sha256Hex } from '../../signing/digest.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';
import { sha256OfFile } from '../../signing/fileDigest.ts';

/**
 * Whether this workspace holds the very events the evidence signed the digest of. Only then may they be shown beside it:
 * whoever can write to the run's folder could otherwise put another story there.
 */
export async function checkSignedEvents(
  workspace: Workspace,
  statement: EvidenceStatement,
): Promise<VerificationStep> {
  const { result, events } = statement.predicate.meshsim_evidence;
  const name = 'events';
  try {
    const found = await sha256OfFile(runPaths(workspace.paths, result.simId).events);
    if (found === events.digest.sha256) {
      return { name, status: 'ok', sentence: `All ${events.count} events here are those signed.` };
    }
    const digests = `SHA-256 ${events.digest.sha256} is signed, ${found} was found`;
    return {
      name,
      status: 'failed',
      sentence: `The events in this workspace are not those that were signed (${digests}): they are not shown.`,
    };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      const sentence =
        'The events of this run are not in this workspace, only their signed digest.';
      return { name, status: 'skipped', sentence };
    }
    const sentence = `The events of this run cannot be read (${messageOf(error)}): they are not shown.`;
    return { name, status: 'failed', sentence };
  }
}

/** Whose events are wanted; it need not be sealed yet. */
export interface RunOfEvents {
  readonly result: Pick<EvidenceExtension['result'], 'simId'>;
  readonly events: Pick<EvidenceExtension['events'], 'digest'>;
}

/** The very bytes that were signed, checked after they were read; undefined: they are not in this workspace. */
export async function readSignedEvents(
  workspace: Workspace,
  { result, events }: RunOfEvents,
): Promise<Buffer | undefined> {
  const file = runPaths(workspace.paths, result.simId).events;
  const bytes = await readRegular(file).catch(() => undefined);
  return bytes !== undefined && sha256Hex(bytes) === events.digest.sha256 ? bytes : undefined;
}
