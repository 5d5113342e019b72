import type { UnsignedEntry } from '../../src/model/ledgerEntry.ts';
import { sha256Hex } from '../../src/signing/digest.ts';

/** A small entry that differs from every other number's. */
export function entryNumber(number: number): UnsignedEntry {
  const hex = String(number).padStart(12, '0');
  return {
    v: 1,
    kind: 'sim-started',
    at: new Date(Date.UTC(2026, 0, 5) + number * 1000).toISOString(),
    capsuleHash: sha256Hex(Buffer.from(`capsule ${number % 3}`)),
    simId: `7b0c1f6e-2b9f-4a51-9d3e-${hex}`,
    planDigest: sha256Hex(Buffer.from(`plan ${number}`)),
  };
}
