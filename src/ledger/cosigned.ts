import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, systemCode } from '../base/errors.ts';
import { readRegularUpTo } from '../base/regularFile.ts';
import { readCosigned, type CosignedNote } from '../signing/cosignature.ts';

/** Beside the tiles: one checkpoint for each witness, the last it has cosigned. */
export const COSIGNED_FOLDER = 'cosigned';
const MOST_BYTES = 64 * 1024;
const MOST_WITNESSES = 64;

/** A checkpoint that somebody has seen: the ledger must still contain it. `problem`: why the file is none, one sentence. */
export type SeenCheckpoint =
  ({ readonly name: string } & CosignedNote) | { readonly name: string; readonly problem: string };

/** What witnesses have cosigned of the ledger in a folder; none where nobody has. @throws a system error for what cannot be read */
export async function cosignedIn(folder: string): Promise<SeenCheckpoint[]> {
  const place = path.join(folder, COSIGNED_FOLDER);
  const names = await readdir(place).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const seen = names
    .filter((name) => !name.endsWith('.tmp'))
    .sort()
    .slice(0, MOST_WITNESSES);
  return Promise.all(
    seen.map(async (name) => {
      try {
        const bytes = await readRegularUpTo(path.join(place, name), MOST_BYTES);
        return { name, ...readCosigned(bytes.toString('utf8')) };
      } catch (error) {
        return { name, problem: messageOf(error) };
      }
    }),
  );
}
