import { existsSync } from 'node:fs';
import path from 'node:path';

/** The nearest folder around this one, or this one, that git takes for the top of a repository. */
export function repositoryAround(folder: string): string | undefined {
  for (let one = folder; ; one = path.dirname(one)) {
    if (existsSync(path.join(one, '.git'))) return one;
    if (path.dirname(one) === one) return undefined;
  }
}
