import type { Capsule, CapsuleService } from '../model/capsule.ts';
import { STATEMENT_TYPE } from '../model/evidence.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';

export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
export const PACK_BUILD_TYPE = 'urn:oursynth:mesh-sim:pack:v1';
/** The builder is the product, whoever runs it: who vouches for this pack is whose key signs the statement. */
export const PACK_BUILDER = 'urn:oursynth:mesh-sim:packer:v1';

/**
 * JCS bytes of the in-toto Statement v1 with SLSA provenance v1 for a Capsule; the caller signs them with DSSE.
 * Subject is the manifest alone. It says which commits went in, and no time, host or user, so the same Capsule
 * has the same statement everywhere.
 */
export function packStatement({ capsuleHash, manifest }: Capsule): Uint8Array {
  return canonicalBytes({
    _type: STATEMENT_TYPE,
    subject: [{ name: 'capsule.json', digest: { sha256: capsuleHash } }],
    predicateType: PROVENANCE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: PACK_BUILD_TYPE,
        externalParameters: {
          name: manifest.name,
          services: manifest.services.map(({ name, repo, path, commit }) => ({
            name,
            repo,
            path,
            commit,
          })),
          allowDirty: manifest.dirty !== undefined,
        },
        resolvedDependencies: dependenciesOf(manifest.services),
      },
      runDetails: { builder: { id: PACK_BUILDER } },
    },
  });
}

/** Each commit of each repository once, in order of first use. */
function dependenciesOf(services: readonly CapsuleService[]): unknown[] {
  const sources = new Map(
    services.map(({ repo, commit }) => [`${repo}@${commit}`, { repo, commit }]),
  );
  return [...sources.values()].map(({ repo, commit }) => ({
    name: repo,
    digest: { gitCommit: commit },
  }));
}
