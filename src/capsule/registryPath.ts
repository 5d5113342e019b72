import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { hiddenCharacter } from '../base/visibleText.ts';
import { liesIn } from '../model/serviceRoot.ts';

/**
 * A registry path in its one normal form: '/' between names, no './', no end slash. `repo` may climb with leading
 * '..' (it names another repository beside this one); `path` and `root` may not leave their repository.
 * @throws MeshSimError `path-outside`.
 */
export function normalPath(
  file: string,
  service: number,
  field: 'repo' | 'path' | 'root',
  value: string,
): string {
  const fail = (problem: string) =>
    new MeshSimError(
      'path-outside',
      `${file}: services[${service}].${field} "${value}" ${problem}.`,
    );
  if (path.posix.isAbsolute(value) || path.win32.isAbsolute(value) || /^[A-Za-z]:/.test(value)) {
    throw fail('is absolute: other machines do not have it, so write it relative to the registry');
  }
  if (value.includes('\\')) throw fail('has a backslash: use "/"');
  const hidden = hiddenCharacter(value);
  if (hidden !== undefined) throw fail(`has the character ${hidden}, which is not seen: remove it`);
  const normal = path.posix.normalize(value).replace(/\/$/, '');
  if (field !== 'repo' && (normal === '..' || normal.startsWith('../'))) {
    throw fail('leaves its repository: name a folder inside it, or set "repo"');
  }
  return normal;
}

/** @param root,path in their normal form @throws MeshSimError `path-outside` */
export function assertInRoot(file: string, service: number, root: string, path: string): void {
  if (liesIn(path, root)) return;
  throw new MeshSimError(
    'path-outside',
    `${file}: services[${service}].path "${path}" is not in its root "${root}": name a root that holds it, relative to the repository as path is.`,
  );
}
