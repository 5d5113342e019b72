import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { regularPieces } from '../../base/regularFile.ts';

export interface LeftSecret {
  readonly secret: string;
  /** Relative to the folder. */
  readonly file: string;
}

/**
 * The first file a build has left that holds a secret as it is written; undefined: none does. What a build leaves is kept without
 * encryption and given to the service. Encoded or packed secrets are not found: every file is read, so the search has to be quick.
 * `secrets`: name → value. Links are not followed.
 */
export async function secretLeftIn(
  folder: string,
  signedPaths: readonly string[],
  secrets: Readonly<Record<string, string>>,
): Promise<LeftSecret | undefined> {
  const values = Object.entries(secrets).map(
    ([secret, value]) => [secret, Buffer.from(value)] as const,
  );
  if (values.length === 0) return undefined;
  const signed = new Set(signedPaths.map((file) => path.join(folder, file)));
  const overlap = Math.max(...values.map(([, value]) => value.length)) - 1;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if (signed.has(file)) continue;
    let rest = Buffer.alloc(0);
    for await (const piece of regularPieces(file)) {
      const bytes = Buffer.concat([rest, piece]);
      const found = values.find(([, value]) => bytes.includes(value));
      if (found !== undefined) return { secret: found[0], file: path.relative(folder, file) };
      rest = bytes.subarray(Math.max(0, bytes.length - overlap));
    }
  }
  return undefined;
}
