import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { issueProblem } from '../capsule/schemaProblem.ts';
import { StrictFile } from '../capsule/strictFile.ts';
import { environmentsSchema, type Environment, type Environments } from '../model/environments.ts';
import { targetProblems } from './targetProblems.ts';

export const ENVIRONMENTS_FILE = 'mesh.environments.json';

/**
 * The environments of a file; none when it does not exist.
 * @throws MeshSimError `environments-invalid` with every problem and its path
 */
export async function readEnvironments(file: string): Promise<Environments> {
  const strict = new StrictFile(file, 'environments-invalid');
  const value = await strict.read();
  if (value === undefined) return { environments: {} };
  const parsed = environmentsSchema.safeParse(value);
  const problems = parsed.success
    ? (await targetProblems(parsed.data, path.dirname(file))).map(({ clause }) => clause)
    : parsed.error.issues.map((issue) => issueProblem(issue, value, 'the file'));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw strict.invalid(problems.join('; '));
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
