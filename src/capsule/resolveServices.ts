import path from 'node:path';
import type { Service } from '../model/registry.ts';
import { GitRepository } from './gitRepository.ts';
import { naming } from './serviceNaming.ts';

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
    const open = () => GitRepository.open(path.resolve(folder, service.repo), signal);
    const one = await naming(service.name, async () => {
      const repository = repositories.get(service.repo) ?? (await open());
      repositories.set(service.repo, repository);
      return resolve(service, repository);
    });
    resolved.push(one);
  }
  return resolved;
}

async function resolve(service: Service, repository: GitRepository): Promise<ResolvedService> {
  const commit = await repository.resolveCommit(service.commit);
  return { service, repository, commit, tree: await repository.treeAt(commit, service.path) };
}
