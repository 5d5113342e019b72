import path from 'node:path';
import type { SourceService } from '../model/registry.ts';
import type { GitRepository } from './gitRepository.ts';
import { naming } from './serviceNaming.ts';
import { sourceEntries, type SourceEntry } from './sourceTree.ts';

/** A service with what its revision means today: a commit, the tree of its folder there, and what is to be packed of it. */
export interface ResolvedService {
  readonly service: SourceService;
  readonly repository: GitRepository;
  readonly commit: string;
  readonly tree: string;
  readonly entries: readonly SourceEntry[];
}

/** Resolves all services before any content is read, so that bad input leaves nothing written. */
export async function resolveServices(
  folder: string,
  services: readonly SourceService[],
  open: (folder: string) => Promise<GitRepository>,
): Promise<ResolvedService[]> {
  const resolved: ResolvedService[] = [];
  for (const service of services) {
    const one = await naming(service.name, async () =>
      resolve(service, await open(path.resolve(folder, service.repo))),
    );
    resolved.push(one);
  }
  return resolved;
}

async function resolve(
  service: SourceService,
  repository: GitRepository,
): Promise<ResolvedService> {
  const commit = await repository.resolveCommit(service.commit);
  const tree = await repository.treeAt(commit, service.path);
  return { service, repository, commit, tree, entries: await sourceEntries(repository, tree) };
}
