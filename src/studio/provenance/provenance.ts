import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import { readCapsim } from '../../evidence/capsim.ts';
import type { LedgerAudit } from '../../ledger/audit.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import { salvageEntries } from '../../ledger/salvage.ts';
import type { Integrity } from '../../model/provenanceApi.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** All entries, oldest first; none in a folder where nothing was ever recorded. */
export async function listProvenance(workspace: Workspace): Promise<AppendedEntry[]> {
  if (!workspace.hasLedger()) return [];
  const ledger = await workspace.ledger();
  return ledger.entries();
}

/** What is known of a ledger, whatever state it is in. */
export interface ReadProvenance {
  /** Oldest first; of a broken ledger those that can still be read, with gaps. */
  readonly entries: readonly AppendedEntry[];
  readonly integrity: Integrity;
}

/** The readable entries and the audit. A broken or unreadable ledger is reported in `integrity`, not thrown. */
export async function readProvenance(workspace: Workspace): Promise<ReadProvenance> {
  if (!workspace.hasLedger()) return { entries: [], integrity: EMPTY };
  try {
    const ledger = await workspace.ledger();
    const audit = await ledger.verify();
    const entries = audit.ok
      ? await ledger.entries()
      : await salvageEntries(workspace.paths.ledger);
    return { entries, integrity: integrityOf(audit) };
  } catch (error) {
    return {
      entries: await salvageEntries(workspace.paths.ledger),
      integrity: { status: 'broken', size: 0, verified: 0, sentence: unreadable(error) },
    };
  }
}

/**
 * Nothing is added to a ledger that cannot vouch for what is in it: an append would write its damaged end anew.
 * @throws MeshSimError `ledger-broken` saying which link is broken
 */
export async function assertIntact(workspace: Workspace): Promise<void> {
  const { integrity } = await readProvenance(workspace);
  if (integrity.status !== 'broken') return;
  throw new MeshSimError(
    'ledger-broken',
    `Nothing is packed or started while the ledger is broken. ${integrity.sentence}`,
  );
}

const EMPTY: Integrity = {
  status: 'empty',
  size: 0,
  verified: 0,
  sentence: 'Nothing has been recorded here yet.',
};

function integrityOf({ ok, size, firstBroken, problem }: LedgerAudit): Integrity {
  if (ok) {
    const sentence = `All ${size} entries match the signed checkpoint.`;
    return { status: size === 0 ? 'empty' : 'intact', size, verified: size, sentence };
  }
  return {
    status: 'broken',
    size,
    verified: Math.min(firstBroken ?? 0, size),
    ...(firstBroken === undefined ? {} : { brokenAt: firstBroken }),
    sentence: problem ?? 'The ledger does not match its checkpoint.',
  };
}

/** @throws what is neither ours nor the disk's */
function unreadable(error: unknown): string {
  if (error instanceof MeshSimError) return error.message;
  if (systemCode(error) === undefined) throw error;
  return `The ledger cannot be read (${messageOf(error)}).`;
}

/**
 * Audits every entry, hash and proof of the ledger, and holds every entry against its signed body.
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
  const body = (digest: string) => objectIn(workspace, digest);
  if (since === undefined) return ledger.verify({ body });
  return ledger.verify({ body, since: readCapsim(await readArtifact(since)).proof.checkpoint });
}

/** What is missing is the gate's to say, and the chain's: the ledger alone contradicts nothing then. */
async function objectIn({ store }: Workspace, digest: string): Promise<Uint8Array | undefined> {
  try {
    return await store.get(digest);
  } catch (error) {
    if (error instanceof MeshSimError && error.code === 'object-missing') return undefined;
    throw error;
  }
}

async function readArtifact(file: string): Promise<Uint8Array> {
  try {
    return await readRegular(file);
  } catch (error) {
    throw new MeshSimError('usage', `${file} cannot be read (${messageOf(error)}).`);
  }
}
