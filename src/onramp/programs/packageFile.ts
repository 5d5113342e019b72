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
  const problem = jsonProblem(text);
  if (problem === undefined) return JSON.parse(withoutMark(text)) as Record<string, unknown>;
  const { is, remedy, cause } = problem;
  throw new MeshSimError('source-invalid', `${file} ${is}: ${remedy}.`, { cause });
}

/** Why this is no JSON object, and what to do, one clause each; undefined: it is one. */
export function jsonProblem(
  written: string,
): { readonly is: string; readonly remedy: string; readonly cause?: unknown } | undefined {
  const text = withoutMark(written);
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? undefined : { is: 'holds no JSON object', remedy: 'correct it' };
  } catch (cause) {
    const { line, column, problem } = jsonPosition(text, cause);
    const is = `is not JSON at line ${line}, column ${column} (${problem})`;
    return { is, remedy: 'correct it there', cause };
  }
}

/** Package managers read over the byte order mark that some editors begin a file with. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** All that has to be installed before it runs or is built. */
export function dependenciesOf(one: PackageFile): Record<string, string> {
  return { ...one.optionalDependencies, ...one.devDependencies, ...one.dependencies };
}
