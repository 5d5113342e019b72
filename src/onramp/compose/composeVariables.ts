import { MeshSimError } from '../../base/errors.ts';
import { interpolate } from '../files/interpolate.ts';
import type { ProductFiles } from '../files/productFiles.ts';
import { looksSecret } from '../secretNames.ts';
import type { Gap } from '../sketch.ts';
import { isRecord, type Values } from '../sources/values.ts';
import type { ComposeProject } from './composeProject.ts';

export interface FilledService {
  readonly values: Values;
  /** Paths whose value holds one that should stay out of a registry. */
  readonly secretPlaces: ReadonlySet<string>;
  readonly gaps: readonly Gap[];
}

/**
 * A service with compose's variables replaced, from `.env` alone: what a shell happens to hold is nobody else's.
 * @throws MeshSimError `source-invalid` for `${NAME:?…}` without a value
 */
export function filledService(
  files: ProductFiles,
  project: ComposeProject,
  name: string,
  service: Values,
): FilledService {
  const { file, variables, envFile } = project;
  const secretPlaces = new Set<string>();
  const gaps: Gap[] = [];
  const isPublic = envFile === undefined || files.isCommitted(envFile);
  const fillText = (text: string, place: string): string => {
    const found = interpolate(text, (variable) => variables.get(variable));
    const where = `${file}, services.${name}.${place}`;
    const { required, broken } = found;
    if (broken !== undefined) {
      throw new MeshSimError(
        'source-invalid',
        `${where} has "${broken}", which names no variable: correct it, or write $\${ for a literal \${.`,
      );
    }
    if (required !== undefined) {
      const why = required.message === '' ? '' : ` (${required.message})`;
      throw new MeshSimError(
        'source-invalid',
        `${where} needs the variable ${required.name}${why}: give it a value in .env beside the file.`,
      );
    }
    for (const variable of found.missing) {
      gaps.push({
        where,
        what: `the variable ${variable} has no value, so it is empty`,
        remedy: `give it one in .env, or a default such as \${${variable}:-value}`,
      });
    }
    const hasSecret = found.used.some(
      (variable) => variables.has(variable) && looksSecret(variable, variables.get(variable) ?? ''),
    );
    if (hasSecret && !isPublic) secretPlaces.add(place);
    return found.text;
  };
  const fill = (value: unknown, place: string): unknown => {
    if (typeof value === 'string') return fillText(value, place);
    if (Array.isArray(value)) return value.map((one, at) => fill(one, `${place}[${at}]`));
    if (!isRecord(value)) return value;
    const below = (key: string) => (place === '' ? key : `${place}.${key}`);
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, fill(one, below(key))]),
    );
  };
  return { values: fill(service, '') as Values, secretPlaces, gaps };
}
