import { oddLineGaps } from '../sources/dotenv.ts';
import { readEnvFile } from '../files/envFile.ts';
import { insideProduct, type ProductFiles } from '../files/productFiles.ts';
import { looksSecret } from '../secretNames.ts';
import type { Gap, Variable } from '../sketch.ts';
import { isRecord, someOf, textOf, type Values } from '../sources/values.ts';
import type { ComposeProject } from './composeProject.ts';
import { namedValues } from './mergeServices.ts';

export interface ComposeEnv {
  readonly env: ReadonlyMap<string, Variable>;
  readonly gaps: readonly Gap[];
}

/** `environment` over `env_file`, as compose does. */
export function composeEnv(
  files: ProductFiles,
  project: ComposeProject,
  name: string,
  service: Values,
  secretPlaces: ReadonlySet<string>,
): ComposeEnv {
  const gaps: Gap[] = [];
  const env = new Map<string, Variable>(fileVariables(files, project, name, service, gaps));
  const place = `${project.file}, services.${name}.environment`;
  const isList = Array.isArray(service.environment);
  for (const [index, [variable, given]] of Object.entries(
    namedValues(service.environment),
  ).entries()) {
    const source = `${place}.${variable}`;
    const value = textOf(given) ?? project.variables.get(variable);
    if (value === undefined) {
      const remedy = `write ${variable}=value there, or in .env`;
      gaps.push({ where: source, what: 'it has no value here, so it is left out', remedy });
      continue;
    }
    const isFilled = secretPlaces.has(isList ? `environment[${index}]` : `environment.${variable}`);
    const isBare = textOf(given) === undefined && isKept(files, project.envFile, variable, value);
    env.set(variable, { value, source, ...(isFilled || isBare ? { isSecret: true } : {}) });
  }
  return { env, gaps };
}

/** It stands in a file that is not in git, and looks like one that should not be. */
export function isKept(
  files: ProductFiles,
  file: string | undefined,
  variable: string,
  value: string,
): boolean {
  return file !== undefined && !files.isCommitted(file) && looksSecret(variable, value);
}

function* fileVariables(
  files: ProductFiles,
  { file, folder, variables }: ComposeProject,
  name: string,
  service: Values,
  gaps: Gap[],
): Iterable<[string, Variable]> {
  for (const entry of someOf(service.env_file)) {
    const given = isRecord(entry) ? textOf(entry.path) : textOf(entry);
    const isRequired = !isRecord(entry) || entry.required !== false;
    const inside = insideProduct(folder, given ?? '');
    const text = inside === undefined ? undefined : files.text(inside);
    if (inside === undefined || text === undefined) {
      if (!isRequired) continue;
      gaps.push({
        where: `${file}, services.${name}.env_file`,
        what: `${given ?? 'the file'} is not here`,
        remedy: 'copy it from its example, or take it out of the list',
      });
      continue;
    }
    const found = readEnvFile(text, (variable) => variables.get(variable));
    gaps.push(...oddLineGaps(inside, found.odd));
    for (const [variable, { value, line }] of found.values) {
      const isSecret = isKept(files, inside, variable, value);
      yield [variable, { value, source: `${inside}:${line}`, ...(isSecret ? { isSecret } : {}) }];
    }
  }
}
