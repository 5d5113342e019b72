import path from 'node:path';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { envOfFiles } from '../../capsule/envFiles.ts';
import { repositoryOpener, type GitRepository } from '../../capsule/gitRepository.ts';
import { assertInRoot, normalPath } from '../../capsule/registryPath.ts';
import { registryProblems } from '../../capsule/registryRules.ts';
import { sourceLister } from '../../capsule/sourceTree.ts';
import { isProgram, registrySchema, type SourceService } from '../../model/registry.ts';
import { rootOf } from '../../model/serviceRoot.ts';
import { JsonText, sentenceOf, type FileProblem, type JsonPath } from '../workspace/fileProblem.ts';

export interface InspectRegistryOptions {
  readonly text: string;
  /** Where the text is, or will be, saved: `repo` paths are relative to its folder. */
  readonly file: string;
  /** False: git is not started, so commits and folders are not looked up. */
  readonly asksGit: boolean;
  readonly signal: AbortSignal;
}

/**
 * Everything wrong with a service registry that its JSON Schema cannot say, with the same sentences as packing gives.
 * Nothing while the text is not JSON or not yet of the schema's shape: the editor tells that by itself.
 * @throws the signal's reason
 */
export async function inspectRegistry(options: InspectRegistryOptions): Promise<FileProblem[]> {
  const json = JsonText.parse(options.text);
  const parsed = registrySchema.safeParse(json?.value);
  if (json === undefined || !parsed.success) return [];
  const { services } = parsed.data;
  const problems = registryProblems(parsed.data).map(({ path: at, clause }) =>
    json.problem(at, 'registry-invalid', sentenceOf(clause)),
  );
  const tell = (at: JsonPath, error: unknown): void => {
    const code = error instanceof MeshSimError ? error.code : 'internal';
    problems.push(json.problem(at, code, messageOf(error)));
  };
  const normal = services.map((service, index) =>
    isProgram(service) ? undefined : normalised(options.file, service, index, tell),
  );
  if (!options.asksGit) return problems;
  const open = repositoryOpener(options.signal);
  const list = sourceLister(options.signal);
  for (const [index, service] of normal.entries()) {
    options.signal.throwIfAborted();
    if (service !== undefined) await askGit(options, open, list, { service, index, tell });
  }
  options.signal.throwIfAborted();
  return problems;
}

type Tell = (at: JsonPath, error: unknown) => void;

function normalised(file: string, service: SourceService, index: number, tell: Tell) {
  const name = path.basename(file);
  const parts: { repo?: string; path?: string; root?: string } = {};
  for (const field of ['repo', 'path', 'root'] as const) {
    const value = service[field];
    if (value === undefined) continue;
    try {
      parts[field] = normalPath(name, index, field, value);
    } catch (error) {
      tell(['services', index, field], error);
    }
  }
  const { repo, path: own, root } = parts;
  if (repo === undefined || own === undefined) return undefined;
  if (service.root === undefined) return { ...service, repo, path: own };
  if (root === undefined) return undefined;
  try {
    assertInRoot(name, index, root, own);
  } catch (error) {
    tell(['services', index, 'path'], error);
    return undefined;
  }
  return { ...service, repo, path: own, root };
}

/** Stops at a service's first problem: without its repository there is no commit, without the commit no folder. */
async function askGit(
  { file, signal }: InspectRegistryOptions,
  open: (folder: string) => Promise<GitRepository>,
  list: ReturnType<typeof sourceLister>,
  { service, index, tell }: { service: SourceService; index: number; tell: Tell },
): Promise<void> {
  let field: 'repo' | 'commit' | 'path' | 'root' | 'include' | 'envFiles' = 'repo';
  try {
    const repository = await open(path.resolve(path.dirname(file), service.repo));
    field = 'commit';
    const commit = await repository.resolveCommit(service.commit);
    field = service.root === undefined ? 'path' : 'root';
    await repository.treeAt(commit, rootOf(service));
    field = service.include === undefined ? 'path' : 'include';
    const content = await list(repository, commit, service);
    field = 'envFiles';
    await envOfFiles(service, content, signal);
  } catch (error) {
    signal.throwIfAborted();
    tell(['services', index, field], error);
  }
}
