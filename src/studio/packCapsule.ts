import { existsSync } from 'node:fs';
import path from 'node:path';
import { packCapsule } from '../capsule/pack.ts';
import { packStatement } from '../capsule/packStatement.ts';
import type { Capsule } from '../model/capsule.ts';
import { DSSE_PAYLOAD_TYPE } from '../model/evidence.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { signEnvelope, signedFields } from '../signing/dsse.ts';
import { replaceFile } from './replaceFile.ts';
import type { Workspace } from './workspace.ts';
import { plainManifest } from './workspacePaths.ts';

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
  /** Bytes of all services' archives. */
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
  const capsule = await packCapsule({ ...request, store: workspace.store });
  const { capsule: key } = await workspace.keyring();
  await hideFromGit(workspace);
  const envelope = signEnvelope(DSSE_PAYLOAD_TYPE, packStatement(capsule), key);
  await workspace.store.put(canonicalBytes(envelope));
  const manifestFile = plainManifest(workspace.paths, capsule.capsuleHash);
  await replaceFile(manifestFile, capsule.bytes);
  const { manifest, capsuleHash } = capsule;
  const bytes = manifest.services.reduce((sum, service) => sum + service.archive.size, 0);
  const ledger = await workspace.ledger();
  const appended = await ledger.append({
    v: 1,
    kind: 'pack',
    at: workspace.now(),
    capsuleHash,
    ...signedFields(envelope, key.publicKey),
    name: manifest.name,
    services: manifest.services.length,
    bytes,
    dirty: manifest.dirty !== undefined,
  });
  return { capsule, manifestFile, ledgerIndex: appended.index, bytes };
}

/** The workspace's data is no part of the product: without this, packing twice would find a dirty tree. */
async function hideFromGit(workspace: Workspace): Promise<void> {
  const file = path.join(workspace.paths.data, '.gitignore');
  if (!existsSync(file)) await replaceFile(file, '*\n');
}
