import { readEnvFile } from '../files/envFile.ts';
import { fileIn, type ProductFiles } from '../files/productFiles.ts';
import { looksSecret } from '../secretNames.ts';
import type { Gap, Variable } from '../sketch.ts';

const NAMES = ['.env', '.env.example', '.env.sample', '.env.template', '.env.dist'];

/**
 * What tools and libraries load from `.env` of a service's folder or of the product's, or its example where there is none: of
 * a file that may hold everything, only what the code reads.
 * @param wanted variables the code reads → where
 */
export function dotenvOf(
  files: ProductFiles,
  folder: string,
  base: string,
  wanted: ReadonlyMap<string, string>,
): { env: Map<string, Variable>; gaps: Gap[] } {
  const env = new Map<string, Variable>();
  const gaps: Gap[] = [];
  const file = [...new Set([folder, base])]
    .flatMap((where) => NAMES.map((name) => fileIn(where, name)))
    .find((name) => files.text(name) !== undefined);
  if (file === undefined) return { env, gaps };
  const { values, odd } = readEnvFile(files.text(file) ?? '');
  gaps.push(...oddLineGaps(file, odd));
  for (const [name, { value, line }] of values) {
    if (!wanted.has(name)) continue;
    const isSecret = !files.isCommitted(file) && looksSecret(name, value);
    env.set(name, { value, source: `${file}:${line}`, ...(isSecret ? { isSecret } : {}) });
  }
  return { env, gaps };
}

/** @param lines from 1, as `readEnvFile` tells them */
export function oddLineGaps(file: string, lines: readonly number[]): Gap[] {
  const what = 'it is no NAME=value, so it is left out';
  return lines.map((line) => ({ where: `${file}:${line}`, what, remedy: 'correct the line' }));
}
