import { MeshSimError } from '../base/errors.ts';
import { loadCapsule } from '../capsule/load.ts';
import type { CapsuleList, CapsuleSummary } from '../model/api.ts';
import { distinctChunks } from '../model/capsule.ts';
import { entryAt } from './ledgerEntries.ts';
import { signerOf } from './signers.ts';
import type { Workspace } from './workspace.ts';

/** The Capsules packed here whose content is still there, the newest pack first. @throws MeshSimError `ledger-broken` */
export async function listCapsules(workspace: Workspace): Promise<CapsuleList> {
  if (!workspace.hasLedger()) return { capsules: [] };
  const index = await workspace.index();
  const found: CapsuleSummary[] = [];
  for (const capsuleHash of index.capsuleHashes('')) {
    const summary = await summaryOf(workspace, capsuleHash).catch(whenContentIsGone);
    if (summary !== undefined) found.push(summary);
  }
  return { capsules: found };
}

function whenContentIsGone(error: unknown): undefined {
  const isGone =
    error instanceof MeshSimError && ['object-missing', 'object-corrupt'].includes(error.code);
  if (!isGone) throw error;
}

async function summaryOf(
  workspace: Workspace,
  capsuleHash: string,
): Promise<CapsuleSummary | undefined> {
  const row = (await workspace.index()).rowsOfCapsule(capsuleHash, 'pack').at(-1);
  if (row === undefined) return undefined;
  const { entry } = await entryAt(workspace, row, 'pack');
  const { manifest } = await loadCapsule(workspace.store, capsuleHash);
  return {
    capsuleHash,
    name: manifest.name,
    packedAt: entry.at,
    runId: row.leafHash,
    bytes: entry.bytes,
    chunks: distinctChunks(manifest).length,
    isDirty: entry.dirty,
    signer: signerOf(entry.publicKey, await workspace.allowedSigners()),
    services: manifest.services.map(({ name, commit }) => ({ name, commit })),
  };
}
