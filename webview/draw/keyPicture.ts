/** Cells to a side; the picture is its own mirror image, as eyes remember such pictures better. */
export const KEY_CELLS = 5;
const COLUMNS_DRAWN = 3;
const BITS = KEY_CELLS * COLUMNS_DRAWN;

/**
 * A picture of a public key: which of the 5 × 5 cells are filled, row by row. Every byte of the key has its say. It helps to
 * notice another key at a glance; what decides is the signature check.
 * @param publicKey hex
 */
export function keyPicture(publicKey: string): boolean[] {
  const bits = new Uint8Array(BITS);
  for (let at = 0; at + 2 <= publicKey.length; at += 2) {
    const bit = (at / 2) % BITS;
    bits[bit] = (bits[bit] ?? 0) ^ parseInt(publicKey.slice(at, at + 2), 16);
  }
  return Array.from({ length: KEY_CELLS * KEY_CELLS }, (_, cell) => {
    const row = Math.floor(cell / KEY_CELLS);
    const column = cell % KEY_CELLS;
    const drawn = Math.min(column, KEY_CELLS - 1 - column);
    return isOdd(bits[row * COLUMNS_DRAWN + drawn] ?? 0);
  });
}

/** Whether the number of bits set is odd. */
function isOdd(byte: number): boolean {
  let value = byte;
  value ^= value >> 4;
  value ^= value >> 2;
  value ^= value >> 1;
  return (value & 1) === 1;
}
