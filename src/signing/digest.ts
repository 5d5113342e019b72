import { hash } from 'node:crypto';

/** SHA-256 (FIPS 180-4) as 64 lower-case hex digits: the product's only content digest. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
