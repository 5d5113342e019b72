import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import type { StoredEvidence } from '../../deploy/gateFacts.ts';
import { writeCapsim } from '../../evidence/capsim.ts';
import { readEnvelope } from '../provenance/ledgerEntries.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/**
 * The `.capsim` of a sealed run as it lies in its folder, or made anew when it is not there. Whatever lies there is
 * returned as it is: judging it is the caller's.
 */
export async function storedCapsim(
  workspace: Workspace,
  run: { readonly simId: string; readonly index: number; readonly body: string },
): Promise<StoredEvidence> {
  try {
    const file = await readIfPresent(runPaths(workspace.paths, run.simId).capsim);
    const envelope = await readEnvelope(workspace, run.body);
    if (file !== undefined) return { bytes: file };
    const ledger = await workspace.ledger();
    return { bytes: writeCapsim(envelope, await ledger.prove(run.index)) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Undefined when there is no such file. @throws MeshSimError `disk-failed` when it cannot be read */
export async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readRegular(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    const sentence = `${file} cannot be read (${messageOf(error)}).`;
    throw new MeshSimError('disk-failed', sentence, { cause: error });
  }
}
