import { createHash } from 'node:crypto';
import { regularPieces } from '../base/regularFile.ts';

/**
 * SHA-256 of a file as 64 lower-case hex digits, read piece by piece.
 * @throws IrregularFile, or Error with the system's code, when it cannot be read
 */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of regularPieces(file)) hash.update(piece);
  return hash.digest('hex');
}
