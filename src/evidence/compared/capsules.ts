import { packedServices, type CapsuleService, type Manifest } from '../../model/capsule.ts';
import { chunksOf } from '../../model/laidOutTrees.ts';
import type { PackStatement } from '../../model/packStatement.ts';
import type { CapsuleDifference, ServiceDifference } from '../../model/runComparison.ts';
import { changesBetween } from './changes.ts';

/** A Capsule as far as it is known here. */
export interface ComparedCapsule {
  /** Of the very Capsule that was rehearsed; undefined: this workspace does not hold it. */
  readonly manifest: Manifest | undefined;
  /** What its signed pack says, which travels with the evidence. */
  readonly pack: PackStatement;
}

/** What two Capsules hold that differs: by their manifests, or where one is not here, by what their signed packs say. */
export function capsuleDifference(a: ComparedCapsule, b: ComparedCapsule): CapsuleDifference {
  if (a.manifest !== undefined && b.manifest !== undefined) {
    const [ofA, ofB] = [a.manifest, b.manifest];
    return {
      from: 'manifest',
      changes: changesBetween({ ...ofA, services: [] }, { ...ofB, services: [] }),
      services: servicesBetween(ofA.services, ofB.services, (name) => {
        const chunks = { a: chunksIn(ofA, name), b: chunksIn(ofB, name) };
        const same = [...chunks.a].filter((digest) => chunks.b.has(digest)).length;
        return { chunks: { same, a: chunks.a.size, b: chunks.b.size } };
      }),
    };
  }
  const [ofA, ofB] = [a.pack, b.pack].map(
    ({ predicate }) => predicate.buildDefinition.externalParameters,
  );
  return {
    from: 'pack',
    changes: changesBetween({ ...ofA, services: [] }, { ...ofB, services: [] }),
    services: servicesBetween(ofA?.services ?? [], ofB?.services ?? [], () => ({})),
  };
}

type Named = Pick<CapsuleService, 'name'>;

/** In the order of A, and then what B has added. */
function servicesBetween(
  a: readonly Named[],
  b: readonly Named[],
  content: (name: string) => Pick<ServiceDifference, 'chunks'>,
): ServiceDifference[] {
  const names = [...new Set([...a, ...b].map(({ name }) => name))];
  return names.flatMap((service): ServiceDifference[] => {
    const was = a.find(({ name }) => name === service);
    const is = b.find(({ name }) => name === service);
    if (was === undefined) return [{ service, status: 'added', changes: [] }];
    if (is === undefined) return [{ service, status: 'removed', changes: [] }];
    // Chunks are counted: thousands of digests tell nobody anything.
    const changes = changesBetween({ ...was, chunks: [] }, { ...is, chunks: [] });
    return changes.length === 0
      ? []
      : [{ service, status: 'changed', changes, ...content(service) }];
  });
}

function chunksIn(manifest: Manifest, name: string): Set<string> {
  const service = packedServices(manifest).find((one) => one.name === name);
  const chunks = service === undefined ? [] : chunksOf(manifest, service);
  return new Set(chunks.map(({ digest }) => digest));
}
