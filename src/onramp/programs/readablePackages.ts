import { fileIn, foldersWith, type ProductFiles } from '../files/productFiles.ts';
import type { Gap } from '../sketch.ts';
import { jsonProblem } from './packageFile.ts';

/**
 * The product without the package.json files that cannot be read as one, each with a gap: a template or the fixture of a test
 * says nothing of the services beside it.
 */
export function withReadablePackages(files: ProductFiles): {
  readonly files: ProductFiles;
  readonly gaps: readonly Gap[];
} {
  const gaps = foldersWith(files, 'package.json').flatMap((folder): Gap[] => {
    const where = fileIn(folder, 'package.json');
    const problem = jsonProblem(files.text(where) ?? '');
    if (problem === undefined) return [];
    const { is, remedy } = problem;
    return [{ where, what: `it ${is}, so it is left out`, remedy }];
  });
  if (gaps.length === 0) return { files, gaps };
  const leftOut = new Set(gaps.map(({ where }) => where));
  return {
    gaps,
    files: {
      name: files.name,
      paths: files.paths.filter((file) => !leftOut.has(file)),
      isCommitted: (file) => files.isCommitted(file),
      has: (file) => !leftOut.has(file) && files.has(file),
      text: (file) => (leftOut.has(file) ? undefined : files.text(file)),
    },
  };
}
