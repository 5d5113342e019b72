import { readFile, rm, writeFile } from 'node:fs/promises';

/**
 * Changes the lowest bit of a byte: in a compressed file the highest ones of some bytes are padding, which alters nothing.
 * @param at index of the byte, counted from the end when negative
 */
export async function flipByte(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  const place = at < 0 ? bytes.length + at : at;
  const byte = bytes[place];
  if (byte === undefined) throw new RangeError(`${file} has no byte ${at}.`);
  bytes[place] = byte ^ 1;
  // A new file, since a stored object may be linked from elsewhere.
  await rm(file);
  await writeFile(file, bytes);
}

/** Does the work while one bit of the file is another one. */
export function whileFlipped(file: string, at: number, work: () => Promise<void>): Promise<void> {
  return whileChanged(file, () => flipByte(file, at), work);
}

/** Does the work while the file is not there. */
export function whileMissing(file: string, work: () => Promise<void>): Promise<void> {
  return whileChanged(file, () => rm(file), work);
}

async function whileChanged(
  file: string,
  change: () => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  const genuine = await readFile(file);
  await change();
  try {
    await work();
  } finally {
    await rm(file, { force: true });
    await writeFile(file, genuine);
  }
}
