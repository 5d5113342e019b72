import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { CAPSULE_SCHEMA } from '../model/capsule.ts';
import { packedServices } from '../model/capsule.ts';
import type { Capsule, CapsuleService, Manifest, PackedService } from '../model/capsule.ts';
import { chunksOf, withSharedChunks } from '../model/laidOutTrees.ts';
import { isProgram, sourceServices } from '../model/registry.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { changedRegistry, dirtyFiles, isNewRegistry, refuseDirty } from './dirtyTree.ts';
import { envOfFiles, withOtherFiles } from './envFiles.ts';
import { FASTCDC_V1 } from './fastcdc.ts';
import { GitRepository, repositoryOpener } from './gitRepository.ts';
import { capsuleFrom } from './load.ts';
import type { ObjectStore } from './objectStore.ts';
import { contentPacker, type ContentPacker } from './packContent.ts';
import { readRegistry } from './registryFile.ts';
import { resolveServices } from './resolveServices.ts';
import type { ResolvedService } from './resolveServices.ts';
import { naming } from './serviceNaming.ts';
import { sourceLister, type SourceContent } from './sourceTree.ts';

export interface PackOptions {
  readonly registryFile: string;
  readonly store: ObjectStore;
  /**
   * Record files that differ from their commit in the manifest instead of refusing; the content is the commit's anyway. A registry
   * that was never committed is recorded so in any case.
   */
  readonly allowDirty?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Packs the services of a registry, as committed, into the store: chunks first, the manifest last, so that a
 * capsuleHash in the store implies its content. The same commits give the same hash on every machine.
 * @throws MeshSimError `registry-invalid`, `not-a-repository`, `unknown-commit`, `path-outside`, `dirty-tree`,
 * `capsule-unsafe`, `git-failed`, `disk-failed` or `interrupted`.
 */
export async function packCapsule(options: PackOptions): Promise<Capsule> {
  const { store, signal } = options;
  const { file, folder, registry } = await readRegistry(options.registryFile);
  const open = repositoryOpener(signal);
  const [resolved, registryChanges] = await Promise.all([
    resolveServices(folder, sourceServices(registry), open, signal),
    changedRegistry(file, open),
  ]);
  const dirty = [...new Set([...registryChanges, ...(await dirtyFiles(resolved))])];
  if (dirty.length > 0 && options.allowDirty !== true) {
    const isRegistryAlone = dirty.every((one) => registryChanges.includes(one));
    if (!isRegistryAlone || !(await isNewRegistry(file, open))) throw refuseDirty(dirty);
  }
  const services: CapsuleService[] = [];
  const pack = contentPacker(store, signal);
  for (const service of registry.services) {
    const source = resolved.find((one) => one.service === service);
    if (source !== undefined) services.push(await packService(source, pack));
    else if (isProgram(service)) services.push(service);
  }
  return storeManifest(store, {
    schema: CAPSULE_SCHEMA,
    name: registry.name,
    chunker: FASTCDC_V1,
    ...(dirty.length > 0 ? { dirty } : {}),
    services: withSharedChunks(services),
    ...(registry.checks === undefined ? {} : { checks: registry.checks }),
    ...(registry.workload === undefined ? {} : { workload: registry.workload }),
  });
}

export interface RepackOptions {
  readonly capsule: Capsule;
  /** The folder of the registry file the Capsule was packed from. */
  readonly registryFolder: string;
  readonly service: string;
  /** Any revision git can resolve to a commit. */
  readonly commit: string;
  readonly store: ObjectStore;
  readonly signal?: AbortSignal;
}

/**
 * The Capsule as it would be with one service at another commit: what a drifted node is offered.
 * @throws MeshSimError `plan-invalid` for a service the Capsule does not have, `unknown-commit`, and as packCapsule.
 */
export async function repackServiceAt(options: RepackOptions): Promise<Capsule> {
  const { manifest } = options.capsule;
  const packed = manifest.services.find(({ name }) => name === options.service);
  if (packed === undefined) {
    const names = manifest.services.map(({ name }) => name).join(', ');
    throw new MeshSimError(
      'plan-invalid',
      `The Capsule has no service "${options.service}" to drift: it has ${names}.`,
    );
  }
  if (isProgram(packed)) {
    const names = packedServices(manifest).map(({ name }) => name);
    throw new MeshSimError(
      'plan-invalid',
      `"${packed.name}" cannot drift: it is a program of the machine (${packed.program.requires}) and has no commit; let one of ${names.join(', ')} drift.`,
    );
  }
  const drifted = await naming(packed.name, () => serviceAt(packed, options));
  const services = manifest.services.map((service) => {
    if (service === packed) return drifted;
    // The one that drifts may be the one that lists the chunks of others.
    return isProgram(service) ? service : { ...service, chunks: [...chunksOf(manifest, service)] };
  });
  return storeManifest(options.store, { ...manifest, services: withSharedChunks(services) });
}

async function serviceAt(service: PackedService, options: RepackOptions): Promise<PackedService> {
  const { registryFolder, store, signal } = options;
  const repository = await GitRepository.open(path.resolve(registryFolder, service.repo), signal);
  const commit = await repository.resolveCommit(options.commit);
  const list = sourceLister(signal);
  const content = await list(repository, commit, service);
  const env = await driftedEnv(service, {
    packed: () => list(repository, service.commit, service),
    drifted: content,
    signal,
  });
  const packed = await contentPacker(store, signal)(content);
  // The other commit may have none.
  const rest = { ...service };
  delete rest.submodules;
  return { ...rest, env, commit, ...packed };
}

/** With what its `envFiles` say at the other commit. */
async function driftedEnv(
  service: PackedService,
  { packed, drifted, signal }: DriftedContent,
): Promise<PackedService['env']> {
  if (service.envFiles === undefined) return service.env;
  const before = await envOfFiles(service, await packed(), signal);
  return withOtherFiles(service.env, before, await envOfFiles(service, drifted, signal));
}

interface DriftedContent {
  readonly packed: () => Promise<SourceContent>;
  readonly drifted: SourceContent;
  readonly signal: AbortSignal | undefined;
}

async function packService(
  { service, commit, content, fileEnv }: ResolvedService,
  pack: ContentPacker,
): Promise<PackedService> {
  const packed = await naming(service.name, () => pack(content));
  return { ...service, env: { ...fileEnv, ...service.env }, commit, ...packed };
}

async function storeManifest(store: ObjectStore, manifest: Manifest): Promise<Capsule> {
  const capsule = capsuleFrom(canonicalBytes(manifest));
  await store.flush();
  await store.put(capsule.bytes);
  return capsule;
}
