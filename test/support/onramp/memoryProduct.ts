import type { ProductFiles } from '../../../src/onramp/files/productFiles.ts';
import type { ForeignProduct } from './foreignProduct.ts';

/** A product's files as a draft sees them, without a disk. */
export function memoryProduct(
  { files, ignored = {} }: Pick<ForeignProduct, 'files' | 'ignored'>,
  name = 'shop',
): ProductFiles {
  return {
    name,
    paths: Object.keys(files).sort(),
    isCommitted: (file) => file in files,
    has: (file) => file in files,
    text: (file) => files[file] ?? ignored[file],
  };
}
