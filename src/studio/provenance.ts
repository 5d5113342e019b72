import { readFile } from 'node:fs/promises';
import { MeshSimError, messageOf } from '../base/errors.ts';
import { readCapsim } from '../evidence/capsim.ts';
import type { LedgerAudit } from '../ledger/audit.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import type { Workspace } from './workspace.ts';

/** All entries, oldest first; none in a folder where nothing was ever recorded. */
export async function listProvenance(workspace: Workspace): Promise<AppendedEntry[]> {
  if (!workspace.hasLedger()) return [];
  const ledger = await workspace.ledger();
  return ledger.entries();
}

/**
 * Audits every entry, hash and proof of the ledger.
 * @param since a `.capsim` whose checkpoint the ledger must still contain
 * @throws MeshSimError `usage` when there is no ledger or the file cannot be read, `evidence-invalid`
 */
export async function auditProvenance(workspace: Workspace, since?: string): Promise<LedgerAudit> {
  if (!workspace.hasLedger()) {
    throw new MeshSimError(
      'usage',
      `${workspace.paths.folder} has no ledger: pack a Capsule first.`,
    );
  }
  const ledger = await workspace.ledger();
  if (since === undefined) return ledger.verify();
  return ledger.verify({ since: readCapsim(await readArtifact(since)).proof.checkpoint });
}

async function readArtifact(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new MeshSimError('usage', `${file} cannot be read (${messageOf(error)}).`);
  }
}
