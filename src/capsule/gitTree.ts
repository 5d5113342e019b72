import { MeshSimError } from '../base/errors.ts';

export interface TreeEntry {
  /** Six octal digits as git writes them: 100644, 100755, 120000 (link), 160000 (submodule), 040000 (tree). */
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  /** Bytes of a blob; 0 for anything else. */
  readonly size: number;
  readonly path: string;
}

const RECORD = /^(\d{6}) (\w+) ([0-9a-f]{40}) +(\d+|-|BAD)\t(.+)$/s;

/** Parses `git ls-tree -z -l`. @throws MeshSimError `capsule-unsafe` for a name that is not UTF-8. */
export function parseTreeListing(listing: Uint8Array): TreeEntry[] {
  return decode(listing)
    .split('\0')
    .filter(Boolean)
    .map((record) => {
      const [, mode = '', type = '', id = '', size = '', path = ''] = RECORD.exec(record) ?? [];
      if (mode === '' || size === 'BAD') {
        throw new MeshSimError(
          'git-failed',
          `git listed "${record.slice(0, 80)}", which cannot be read: run "git fsck" in the repository.`,
        );
      }
      return { mode, type, id, path, size: size === '-' ? 0 : Number(size) };
    });
}

function decode(listing: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(listing);
  } catch (error) {
    throw new MeshSimError(
      'capsule-unsafe',
      'A file name in the repository is not UTF-8 and would not survive other systems: rename it.',
      { cause: error },
    );
  }
}
