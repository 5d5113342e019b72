import path from 'node:path';
import type { SourceService } from '../model/registry.ts';
import { envOfFiles } from './envFiles.ts';
import type { GitRepository } from './gitRepository.ts';
import { naming } from './serviceNaming.ts';
import { sourceLister, type SourceContent } from './sourceTree.ts';

/** A service with what its revision means today: a commit, and what is to be packed there. */
export interface ResolvedService {
  readonly service: SourceService;
  readonly repository: GitRepository;
  readonly commit: string;
  /** The same for services that share a root. */
  readonly content: SourceContent;
  /** What its `envFiles` say. */
  readonly fileEnv: Readonly<Record<string, string>>;
}

/** Resolves all services before any content but that of their `envFiles` is read, so that bad input leaves nothing written. */
export async function resolveServices(
  folder: string,
  services: readonly SourceService[],
  open: (folder: string) => Promise<GitRepository>,
  signal?: AbortSignal,
): Promise<ResolvedService[]> {
  const resolved: ResolvedService[] = [];
  const list = sourceLister(signal);
  for (const service of services) {
    const one = await naming(service.name, async () =>
      resolve(service, await open(path.resolve(folder, service.repo)), list, signal),
    );
    resolved.push(one);
  }
  return resolved;
}

async function resolve(
  service: SourceService,
  repository: GitRepository,
  list: ReturnType<typeof sourceLister>,
  signal: AbortSignal | undefined,
): Promise<ResolvedService> {
  const commit = await repository.resolveCommit(service.commit);
  const content = await list(repository, commit, service);
  const fileEnv = await envOfFiles(service, content, signal);
  return { service, repository, commit, content, fileEnv };
}
