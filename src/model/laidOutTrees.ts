import { packedServices, type Chunk, type Manifest, type PackedService } from './capsule.ts';
import { isProgram } from './registry.ts';
import { buildFolderOf } from './serviceRoot.ts';

/** A folder that is laid out on a node or a target, with what is built there. */
export interface LaidOutTree {
  /** The name of its folder: that of its first service. No service has a dot or a slash in its name. */
  readonly name: string;
  readonly archive: PackedService['archive'];
  readonly chunks: readonly Chunk[];
  /** In the Capsule's order; at least one. */
  readonly services: readonly PackedService[];
}

/**
 * What a Capsule lays out. Services that name the same root share a folder, as long as the same build makes the same of it; one
 * that names no root has its own.
 */
export function laidOutTrees(manifest: Pick<Manifest, 'services'>): LaidOutTree[] {
  const groups = new Map<string, PackedService[]>();
  for (const service of packedServices(manifest)) {
    const key = groupOf(service);
    groups.set(key, [...(groups.get(key) ?? []), service]);
  }
  return [...groups.values()].flatMap((services) => {
    const [first] = services;
    if (first === undefined) return [];
    const { name, archive } = first;
    return [{ name, archive, chunks: chunksOf(manifest, first), services }];
  });
}

function groupOf(service: PackedService): string {
  const { name, repo, commit, root, archive, build } = service;
  if (root === undefined) return name;
  return JSON.stringify([repo, commit, root, archive.digest, build, buildFolderOf(service)]);
}

/** The chunks of a service's archive, which a service before it may list. */
export function chunksOf(
  manifest: Pick<Manifest, 'services'>,
  { archive, chunks }: PackedService,
): readonly Chunk[] {
  if (chunks !== undefined) return chunks;
  const sharing = packedServices(manifest).find(
    (one) => one.chunks !== undefined && one.archive.digest === archive.digest,
  );
  return sharing?.chunks ?? [];
}

/** Of services with all their chunks: those that name a root leave out what one before them lists. */
export function withSharedChunks(services: Manifest['services']): Manifest['services'] {
  const listed = new Set<string>();
  return services.map((service) => {
    if (isProgram(service)) return service;
    const { chunks, ...rest } = service;
    const isListed = service.root !== undefined && listed.has(service.archive.digest);
    if (chunks !== undefined) listed.add(service.archive.digest);
    return isListed ? rest : service;
  });
}
