import assert from 'node:assert/strict';
import path from 'node:path';
import { loadKey } from '../../src/signing/keyFile.ts';
import { CAPSULE_KEY_FILE } from '../../src/signing/keyring.ts';
import type { SigningKey } from '../../src/signing/keys.ts';

/** The Capsule key that the product made in this config folder. */
export async function fileKeyOf(configFolder: string): Promise<SigningKey> {
  const key = await loadKey(path.join(configFolder, CAPSULE_KEY_FILE));
  assert.ok(key);
  return key;
}
