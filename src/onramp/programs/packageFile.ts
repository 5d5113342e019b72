import * as z from 'zod/mini';
import { MeshSimError } from '../../base/errors.ts';
import { jsonPosition } from '../../capsule/jsonPosition.ts';
import { fileIn, type ProductFiles } from '../files/productFiles.ts';

const words = z.catch(z.record(z.string(), z.string()), {});

const packageSchema = z.object({
  name: z.catch(z.optional(z.string()), undefined),
  main: z.catch(z.optional(z.string()), undefined),
  packageManager: z.catch(z.optional(z.string()), undefined),
  scripts: z._default(words, {}),
  dependencies: z._default(words, {}),
  devDependencies: z._default(words, {}),
  optionalDependencies: z._default(words, {}),
  workspaces: z.catch(
    z.optional(z.union([z.array(z.string()), z.object({ packages: z.array(z.string()) })])),
    undefined,
  ),
});

export type PackageFile = z.infer<typeof packageSchema>;

/** Undefined: there is none. @throws MeshSimError `source-invalid` */
export function packageIn(files: ProductFiles, folder: string): PackageFile | undefined {
  const file = fileIn(folder, 'package.json');
  return files.has(file) ? packageSchema.parse(jsonIn(files, file)) : undefined;
}

/** A JSON file that holds an object. @throws MeshSimError `source-invalid` with line and column */
export function jsonIn(files: ProductFiles, file: string): Record<string, unknown> {
  const text = files.text(file) ?? '';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { line, column, problem } = jsonPosition(text, error);
    throw new MeshSimError(
      'source-invalid',
      `${file} is not JSON at line ${line}, column ${column} (${problem}): correct it there.`,
      { cause: error },
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new MeshSimError('source-invalid', `${file} holds no JSON object: correct it.`);
}

/** All that has to be installed before it runs or is built. */
export function dependenciesOf(one: PackageFile): Record<string, string> {
  return { ...one.optionalDependencies, ...one.devDependencies, ...one.dependencies };
}
