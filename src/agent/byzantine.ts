/** What a node that lies sends instead of the bytes it holds. Its own files stay as they are. */

/** The same length, one byte other. */
export function altered(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  const last = copy.length - 1;
  if (last >= 0) copy[last] = (copy[last] ?? 0) ^ 1;
  return copy;
}

const DIGEST_KEY = Buffer.from('"digest":"');
const ZERO = '0'.charCodeAt(0);
const ONE = '1'.charCodeAt(0);

/** Still a readable manifest, but the first content digest is another one: what an attacker would change. */
export function alteredManifest(payload: Uint8Array): Uint8Array {
  const copy = Buffer.from(payload);
  const at = copy.indexOf(DIGEST_KEY);
  if (at < 0) return altered(payload);
  const digit = at + DIGEST_KEY.length;
  copy[digit] = copy[digit] === ZERO ? ONE : ZERO;
  return copy;
}
