import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import type { Service } from '../model/registry.ts';
import { GitRepository } from './gitRepository.ts';

/** A service with what its revision means today: a commit and the tree of its folder there. */
export interface ResolvedService {
  readonly service: Service;
  readonly repository: GitRepository;
  readonly commit: string;
  readonly tree: string;
}

/** Resolves all services before any content is read, so that bad input leaves nothing written. */
export async function resolveServices(
  folder: string,
  services: readonly Service[],
  signal?: AbortSignal,
): Promise<ResolvedService[]> {
  const repositories = new Map<string, GitRepository>();
  const resolved: ResolvedService[] = [];
  for (const service of services) {
    const repository =
      repositories.get(service.repo) ??
      (await GitRepository.open(path.resolve(folder, service.repo), signal));
    repositories.set(service.repo, repository);
    resolved.push(await naming(service, () => resolve(service, repository)));
  }
  return resolved;
}

async function resolve(service: Service, repository: GitRepository): Promise<ResolvedService> {
  const commit = await repository.resolveCommit(service.commit);
  return { service, repository, commit, tree: await repository.treeAt(commit, service.path) };
}

/** Puts the service's name in front of what went wrong with it. */
async function naming<T>(service: Service, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof MeshSimError)) throw error;
    throw new MeshSimError(error.code, `Service "${service.name}": ${error.message}`, {
      cause: error,
    });
  }
}
