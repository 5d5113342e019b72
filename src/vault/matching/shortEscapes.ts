import {
  AMPERSAND,
  BACKSLASH,
  digitOf,
  escapeIn,
  isEscapeStart,
  NAME_BEGINNINGS,
  NONE,
  OPEN,
  PERCENT,
} from './escapes.ts';

/** By the byte after a single backslash: what both are read as, where that byte alone decides it; else OPEN. */
const AFTER_BACKSLASH = Int16Array.from({ length: 256 }, (_, byte) => {
  const value = isEscapeStart(byte) ? OPEN : escapeIn([BACKSLASH, byte], 0);
  return value === NONE ? byte : value;
});

/** The byte that `%41` or `\n` at `i` stands for; OPEN: it is another escape, or may belong to one. */
export function byteOf(bytes: Uint8Array, i: number): number {
  if (bytes[i] === BACKSLASH) return AFTER_BACKSLASH[bytes[i + 1] ?? BACKSLASH] ?? OPEN;
  if (bytes[i] !== PERCENT) return OPEN;
  const [high, low] = [digitOf(bytes[i + 1] ?? 0), digitOf(bytes[i + 2] ?? 0)];
  const value = high * 16 + low;
  return Math.max(high, low) > 15 || isEscapeStart(value) ? OPEN : value;
}

/** How many bytes from the `&` at `i` on are text, as in `a=1&b=2`; 0: they may be an entity, or hold another escape. */
export function lengthOfText(bytes: Uint8Array, i: number): number {
  if (bytes[i] !== AMPERSAND) return 0;
  let name = '';
  for (let end = i + 1; end < bytes.length; end += 1) {
    const byte = bytes[end] ?? 0;
    if (isEscapeStart(byte)) return 0;
    const character = String.fromCharCode(byte);
    if (character === '#' || character === ';') return 0;
    name += character;
    if (!NAME_BEGINNINGS.has(name)) return end + 1 - i;
  }
  return 0;
}
