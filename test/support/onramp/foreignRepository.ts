import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitAll, gitIn, temporaryFolder } from '../harborPay.ts';
import type { ForeignProduct } from './foreignProduct.ts';

/** A product in a fresh git repository, committed, as its owner has it. */
export async function foreignRepository({
  files,
  ignored = {},
}: Pick<ForeignProduct, 'files' | 'ignored'>): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'shop');
  await writeAll(folder, files);
  await gitIn(folder, 'init', '--quiet');
  await commitAll(folder);
  await writeAll(folder, ignored);
  return folder;
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
}
