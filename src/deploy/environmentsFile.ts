import path from 'node:path';
import { visit } from 'jsonc-parser';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { readRegularUpTo } from '../base/regularFile.ts';
import { issueProblem } from '../capsule/schemaProblem.ts';
import { environmentsSchema, type Environment, type Environments } from '../model/environments.ts';
import { targetProblems } from './targetProblems.ts';

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
  const value = parse(text, file);
  assertNoKeyTwice(text, file);
  const parsed = environmentsSchema.safeParse(value);
  const problems = parsed.success
    ? (await targetProblems(parsed.data, path.dirname(file))).map(({ clause }) => clause)
    : parsed.error.issues.map((issue) => issueProblem(issue, value, 'the file'));
  if (parsed.success && problems.length === 0) return parsed.data;
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
    const bytes = await readRegularUpTo(file, MAX_FILE_BYTES);
    if (bytes.length > MAX_FILE_BYTES) {
      throw invalid(file, `it has more than ${MAX_FILE_BYTES} bytes, which no such file needs`);
    }
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
    throw invalid(file, `it is not JSON (${messageOf(error)}): correct it there`, error);
  }
}

/** Of an environment that is there twice JSON keeps the later one, without a word, whatever the first one protects. */
function assertNoKeyTwice(text: string, file: string): void {
  const objects: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      objects.push(new Set());
    },
    onObjectEnd: () => {
      objects.pop();
    },
    onObjectProperty: (name, _offset, _length, line, _column, parent) => {
      const names = objects.at(-1);
      if (names?.has(name) === true) {
        const where = [...parent(), name].join('.');
        throw invalid(file, `${where} is there twice, again in line ${line + 1}: remove one`);
      }
      names?.add(name);
    },
  });
}

function invalid(file: string, problem: string, cause?: unknown): MeshSimError {
  return new MeshSimError('environments-invalid', `${file}: ${problem}.`, { cause });
}
