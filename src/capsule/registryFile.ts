import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import path from 'node:path';
import { messageOf, MeshSimError, systemCode } from '../base/errors.ts';
import { readRegularUpTo } from '../base/regularFile.ts';
import { isProgram, registrySchema, type Registry, type SourceService } from '../model/registry.ts';
import { jsonPosition } from './jsonPosition.ts';
import { registryProblems, type RegistryProblem } from './registryRules.ts';
import { schemaProblem } from './schemaProblem.ts';
import { assertInRoot, normalPath } from './registryPath.ts';

export interface LoadedRegistry {
  /** Absolute path of the file. */
  readonly file: string;
  /** The folder that `repo` paths are relative to. */
  readonly folder: string;
  /** Defaults filled in, `repo`, `path` and `root` in their normal form. */
  readonly registry: Registry;
}

/** A registry of 64 services is some 50 KB; more than this is another kind of file. */
const MAX_REGISTRY_BYTES = 4 * 1024 * 1024;

/**
 * Reads and checks a service registry; git is not asked yet.
 * @throws MeshSimError `registry-invalid` or `path-outside`: one sentence with file, JSON path and what to do.
 */
export async function readRegistry(file: string): Promise<LoadedRegistry> {
  const absolute = path.resolve(file);
  const text = await read(absolute);
  const value = parse(text, absolute);
  const result = registrySchema.safeParse(value);
  if (!result.success) throw invalid(absolute, schemaProblem(result.error, value), result.error);
  const [problem] = registryProblems(result.data);
  if (problem !== undefined) throw invalid(absolute, problem.clause + placeIn(text, problem));
  const services = result.data.services.map((service, index) =>
    isProgram(service) ? service : normalService(absolute, index, service),
  );
  return { file: absolute, folder: path.dirname(absolute), registry: { ...result.data, services } };
}

function normalService(file: string, index: number, service: SourceService): SourceService {
  const repo = normalPath(file, index, 'repo', service.repo);
  const own = normalPath(file, index, 'path', service.path);
  if (service.root === undefined) return { ...service, repo, path: own };
  const root = normalPath(file, index, 'root', service.root);
  assertInRoot(file, index, root, own);
  return { ...service, repo, path: own, root };
}

async function read(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readRegularUpTo(file, MAX_REGISTRY_BYTES);
  } catch (error) {
    const sentence =
      systemCode(error) === 'ENOENT'
        ? `There is no service registry at ${file}: create it (docs/registry.md), or name another with --registry.`
        : `The service registry ${file} cannot be read (${messageOf(error)}): check the path and its permissions.`;
    throw new MeshSimError('registry-invalid', sentence, { cause: error });
  }
  if (bytes.length > MAX_REGISTRY_BYTES) {
    throw invalid(
      file,
      `it has more than ${MAX_REGISTRY_BYTES} bytes, which no registry needs: name another file`,
    );
  }
  const BYTE_ORDER_MARK = /^\uFEFF/;
  return bytes.toString('utf8').replace(BYTE_ORDER_MARK, '');
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { line, column, problem } = jsonPosition(text, error);
    const where = `line ${line}, column ${column}`;
    throw invalid(file, `it is not JSON at ${where} (${problem}): correct it there`, error);
  }
}

/** Of a part of a long text: its line and column, counted from 1. */
function placeIn(text: string, { path: keys, part }: RegistryProblem): string {
  const root = part === undefined ? undefined : parseTree(text);
  const node = root && findNodeAtLocation(root, [...keys]);
  if (part === undefined || node === undefined) return '';
  const written = JSON.stringify(part).slice(1, -1);
  const at = Math.max(node.offset, text.indexOf(written, node.offset));
  const lines = text.slice(0, at).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`;
}

function invalid(file: string, problem: string, cause?: unknown): MeshSimError {
  return new MeshSimError('registry-invalid', `${file}: ${problem}.`, { cause });
}
