import { MeshSimError, messageOf } from '../base/errors.ts';
import { manifestSchema, packedServices, type Capsule, type Manifest } from '../model/capsule.ts';
import { chunksOf } from '../model/laidOutTrees.ts';
import { parseCanonical } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';
import { MAX_OBJECT_BYTES } from './objectStore.ts';
import type { ObjectStore } from './objectStore.ts';

/** @throws MeshSimError `capsule-unknown` when the store has no such manifest, `capsule-invalid` when it is no manifest. */
export async function loadCapsule(store: ObjectStore, capsuleHash: string): Promise<Capsule> {
  try {
    return capsuleFrom(await store.get(capsuleHash));
  } catch (error) {
    if (!(error instanceof MeshSimError) || error.code !== 'object-missing') throw error;
    throw new MeshSimError(
      'capsule-unknown',
      `No Capsule ${capsuleHash} in ${store.folder}: pack it here, or check the hash.`,
      { cause: error },
    );
  }
}

/**
 * Reads manifest bytes: canonical, of the right shape, and with chunks that add up to each archive. It says nothing
 * about who signed them. @throws MeshSimError `capsule-invalid`.
 */
export function capsuleFrom(bytes: Uint8Array): Capsule {
  const manifest = parseManifest(bytes);
  const packed = packedServices(manifest);
  if (packed.length === 0) throw invalid('it has only programs of the machine, and no content');
  for (const service of packed) {
    const { name, archive } = service;
    const chunks = chunksOf(manifest, service);
    const total = chunks.reduce((sum, { size }) => sum + size, 0);
    if (total !== archive.size) {
      throw invalid(
        `service "${name}" has ${total} bytes of chunks for ${archive.size} bytes of archive`,
      );
    }
    const large = chunks.find(({ size }) => size > manifest.chunker.maxBytes);
    if (large !== undefined) throw invalid(`chunk ${large.digest} is above the chunker's maximum`);
  }
  return { capsuleHash: sha256Hex(bytes), bytes, manifest };
}

function parseManifest(bytes: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = parseCanonical(bytes, MAX_OBJECT_BYTES);
  } catch (error) {
    throw invalid(messageOf(error).replace(/\.$/, ''), error);
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(), result.error);
}

function invalid(problem: string, cause?: unknown): MeshSimError {
  return new MeshSimError(
    'capsule-invalid',
    `The Capsule's manifest is not valid (${problem}): pack it again from its sources.`,
    { cause },
  );
}
