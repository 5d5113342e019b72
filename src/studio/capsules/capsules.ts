import { MeshSimError } from '../../base/errors.ts';
import { loadCapsule } from '../../capsule/load.ts';
import type { CapsuleList, CapsuleSummary } from '../../model/api.ts';
import { distinctChunks, type CapsuleService } from '../../model/capsule.ts';
import type { AllowedSigner } from '../../signing/allowedSigners.ts';
import type { EntryOf } from '../../model/ledgerEntry.ts';
import { isProgram } from '../../model/registry.ts';
import { demandWords } from '../../model/requiredProgram.ts';
import { readProvenance } from '../provenance/provenance.ts';
import { signerOf } from '../workspace/signers.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Of content that was deleted or damaged since. */
const GONE: ReadonlySet<string> = new Set(['capsule-unknown', 'capsule-invalid', 'object-corrupt']);

/**
 * The Capsules packed here whose content is still there, the newest pack first. Of a broken ledger those whose entries can
 * still be read: that a Capsule is listed does not make it usable, starting one checks.
 */
export async function listCapsules(workspace: Workspace): Promise<CapsuleList> {
  const { entries } = await readProvenance(workspace);
  const signers = await workspace.allowedSigners();
  const found = new Map<string, CapsuleSummary>();
  for (const { entry, leafHash } of [...entries].reverse()) {
    if (entry.kind !== 'pack' || found.has(entry.capsuleHash)) continue;
    const summary = await summaryOf(workspace, entry, signers).catch(whenContentIsGone);
    if (summary !== undefined) found.set(entry.capsuleHash, { ...summary, runId: leafHash });
  }
  return { capsules: [...found.values()] };
}

function whenContentIsGone(error: unknown): undefined {
  const isGone = error instanceof MeshSimError && GONE.has(error.code);
  if (!isGone) throw error;
}

async function summaryOf(
  { store }: Workspace,
  entry: EntryOf<'pack'>,
  signers: readonly AllowedSigner[],
): Promise<Omit<CapsuleSummary, 'runId'>> {
  const { manifest } = await loadCapsule(store, entry.capsuleHash);
  return {
    capsuleHash: entry.capsuleHash,
    name: manifest.name,
    packedAt: entry.at,
    bytes: entry.bytes,
    chunks: distinctChunks(manifest).length,
    isDirty: entry.dirty,
    signer: signerOf(entry.publicKey, signers, Date.parse(entry.at)),
    services: manifest.services.map(sourceOf),
    objectives: manifest.services.reduce((sum, { objectives }) => sum + objectives.length, 0),
  };
}

function sourceOf(service: CapsuleService): CapsuleSummary['services'][number] {
  const { name } = service;
  return isProgram(service)
    ? { name, program: demandWords(service.program) }
    : { name, commit: service.commit };
}
