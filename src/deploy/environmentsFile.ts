import { readFile } from 'node:fs/promises';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { environmentsSchema, type Environment, type Environments } from '../model/environments.ts';

export const ENVIRONMENTS_FILE = 'mesh.environments.json';

/** Some dozens of environments are a few KB; more than this is another kind of file. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * The environments of a file; none when it does not exist.
 * @throws MeshSimError `environments-invalid` with every problem and its path
 */
export async function readEnvironments(file: string): Promise<Environments> {
  const text = await read(file);
  if (text === undefined) return { environments: {} };
  const parsed = environmentsSchema.safeParse(parse(text, file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
    const where = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
    return `${where}${message ?? issue.message}`;
  });
  throw invalid(file, problems.join('; '));
}

/** @throws MeshSimError `environment-unknown` naming those there are */
export function environmentNamed(
  { environments }: Environments,
  name: string,
  file: string,
): Environment {
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(environments);
  throw new MeshSimError(
    'environment-unknown',
    known.length === 0
      ? `There is no environment "${name}": describe it in ${file} (docs/deploy.md).`
      : `There is no environment "${name}" in ${file}; it has: ${known.join(', ')}.`,
  );
}

async function read(file: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MAX_FILE_BYTES) throw invalid(file, `it has ${bytes.length} bytes`);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (error instanceof MeshSimError) throw error;
    throw invalid(file, `it cannot be read (${messageOf(error)})`, error);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalid(file, `it is not JSON (${messageOf(error)})`, error);
  }
}

function invalid(file: string, problem: string, cause?: unknown): MeshSimError {
  return new MeshSimError('environments-invalid', `${file}: ${problem}.`, { cause });
}
