/** Sets of chunk indices as bits in 32-bit words: what `bits` of a message are made of. */
export function wordsFor(count: number): number {
  return (count + 31) >>> 5;
}

export function hasBit(bits: Uint32Array, index: number, offset = 0): boolean {
  return (((bits[offset + (index >>> 5)] ?? 0) >>> (index & 31)) & 1) === 1;
}

export function setBit(bits: Uint32Array, index: number, offset = 0): void {
  const word = offset + (index >>> 5);
  bits[word] = (bits[word] ?? 0) | (1 << (index & 31));
}

/** The first `count` bits set. */
export function allBits(count: number): Uint32Array {
  const bits = new Uint32Array(wordsFor(count));
  for (let index = 0; index < count; index++) setBit(bits, index);
  return bits;
}

function onesIn(word: number): number {
  let ones = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) ones += 1;
  return ones;
}

export function countBits(bits: Uint32Array): number {
  let count = 0;
  for (const word of bits) count += onesIn(word);
  return count;
}
