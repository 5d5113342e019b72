import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../../../shared/vectors');

/** Where a public test vector is, or undefined when the vectors are not beside this checkout. */
export function vectorPath(name: string): string | undefined {
  const file = path.join(FOLDER, name);
  return existsSync(file) ? file : undefined;
}

/** The parsed vector; skips the running test, by name, where the vectors are missing. */
export function vectorOrSkip(context: Mocha.Context, name: string): unknown {
  const file = vectorPath(name);
  if (file === undefined) return context.skip();
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}
