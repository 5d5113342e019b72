import { foldersWith, type ProductFiles } from '../files/productFiles.ts';

const MARKS = [
  'Dockerfile',
  'package.json',
  'go.mod',
  'pyproject.toml',
  'requirements.txt',
  'main.py',
  'app.py',
];

/** The folder of the product that is called as one of these names, or as the end of one: `acme-orders` is in `orders`. */
export function codeFolderNamed(files: ProductFiles, names: readonly string[]): string | undefined {
  const folders = [...new Set(MARKS.flatMap((mark) => foldersWith(files, mark)))];
  const lastOf = (folder: string) =>
    folder === '.' ? files.name : (folder.split('/').at(-1) ?? '');
  for (const name of names.filter((one) => one !== '')) {
    const same = folders.find((folder) => lastOf(folder) === name);
    const close = folders.find((folder) => name.endsWith(`-${lastOf(folder)}`));
    const found = same ?? close;
    if (found !== undefined) return found;
  }
  return folders.length === 1 ? folders[0] : undefined;
}
