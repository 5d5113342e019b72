import { accessSync, constants } from 'node:fs';

/** The first of these paths that is a program this user may execute; undefined: none is. */
export function firstProgram(files: readonly string[]): string | undefined {
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
