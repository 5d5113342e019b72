import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { packCapsule } from '../../capsule/pack.ts';
import { signPack } from '../../capsule/packStatement.ts';
import { archiveBytes, type Capsule } from '../../model/capsule.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import { envelopeDigest } from '../../signing/dsse.ts';
import { signedWith, type HeldKey } from '../../signing/heldKey.ts';
import type { SigningKey } from '../../signing/keys.ts';
import { assertIntact } from '../provenance/provenance.ts';
import { fileRecord } from '../provenance/fileRecord.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { plainManifest } from '../workspace/workspacePaths.ts';

export interface PackRequest {
  readonly registryFile: string;
  readonly allowDirty: boolean;
  readonly signal: AbortSignal;
}

export interface PackedCapsule {
  readonly capsule: Capsule;
  /** The manifest's canonical bytes as a plain file, for sha256sum and cosign. */
  readonly manifestFile: string;
  readonly ledgerIndex: number;
  /** Bytes of all archives; one that services share counts once. */
  readonly bytes: number;
}

/**
 * Packs the registry's commits into a Capsule, signs it and records it. Packing the same commits again gives the same
 * hash and one more ledger entry.
 * @throws MeshSimError of the registry, git, the keys, the disk or the ledger
 */
export async function packWorkspace(
  workspace: Workspace,
  request: PackRequest,
): Promise<PackedCapsule> {
  await assertIntact(workspace);
  const capsule = await packCapsule({ ...request, store: workspace.store });
  const { capsule: key } = await workspace.keyring();
  await hideFromGit(workspace);
  const ledger = await workspace.ledgerToAppend();
  const run = { invocationId: randomUUID(), finishedOn: workspace.now() };
  const origin = await ledger.origin();
  const envelope = await signedWith(key, (by) => signPack(capsule, { ...run, ledger: origin }, by));
  await mendEarlierPacks(workspace, capsule, key);
  const manifestFile = plainManifest(workspace.paths, capsule.capsuleHash);
  await replaceFile(manifestFile, capsule.bytes);
  const appended = await fileRecord(workspace, {
    kind: 'pack',
    at: run.finishedOn,
    envelope,
    publicKey: key.publicKey,
    manifest: capsule.bytes,
  });
  const bytes = archiveBytes(capsule.manifest);
  return { capsule, manifestFile, ledgerIndex: appended.index, bytes };
}

/**
 * What was packed before rests in envelopes of its own, which evidence names. They follow from the Capsule and the ledger, so a
 * damaged one is made once more; only what has the very digest the ledger names is stored.
 */
async function mendEarlierPacks(
  workspace: Workspace,
  capsule: Capsule,
  key: SigningKey | HeldKey,
): Promise<void> {
  const ledger = await workspace.ledger();
  const origin = await ledger.origin();
  for (const { entry } of await ledger.entries()) {
    if (entry.kind !== 'pack' || entry.capsuleHash !== capsule.capsuleHash) continue;
    if (entry.publicKey !== key.publicKey) continue;
    const { invocationId, at: finishedOn, body } = entry;
    // Who holds the key may have to confirm each signature.
    if (await workspace.store.holdsIntact(body)) continue;
    const run =
      invocationId === undefined ? undefined : { invocationId, finishedOn, ledger: origin };
    const envelope = await signedWith(key, (by) => signPack(capsule, run, by));
    if (envelopeDigest(envelope) === body) await workspace.store.put(canonicalBytes(envelope));
  }
}

/** The workspace's data is no part of the product: without this, packing twice would find a dirty tree. */
async function hideFromGit(workspace: Workspace): Promise<void> {
  const file = path.join(workspace.paths.data, '.gitignore');
  if (!existsSync(file)) await replaceFile(file, '*\n');
}
