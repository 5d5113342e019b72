import { MeshSimError } from '../base/errors.ts';
import { sha256Hex } from './digest.ts';
import { verifySignature } from './ed25519.ts';
import type { SigningKey } from './keys.ts';

/** A private key that somebody else holds, such as ssh-agent: it signs when asked, which takes a while or is refused. */
export interface HeldKey extends Pick<SigningKey, 'keyid' | 'publicKey'> {
  /** @throws MeshSimError `key-unreadable` when nobody signs */
  ask(message: Uint8Array): Promise<Uint8Array>;
}

/** Thrown through code that signs: it is run again when the signature is there. */
class Wanted extends Error {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super('a signature is wanted');
    this.bytes = bytes;
  }
}

/**
 * What `make` makes with the key. With one that is held by somebody else it is run once more for each signature it wants, so it
 * has to be a pure function: the same key and the same input want the same signatures.
 * @throws MeshSimError `key-unreadable`, `signature-invalid` for a holder that does not sign with this key, or what `make` throws
 */
export async function signedWith<T>(
  key: SigningKey | HeldKey,
  make: (key: SigningKey) => T,
): Promise<T> {
  if (!('ask' in key)) return make(key);
  const { keyid, publicKey } = key;
  const signatures = new Map<string, Uint8Array>();
  const sign = (message: Uint8Array): Uint8Array => {
    const known = signatures.get(sha256Hex(message));
    if (known === undefined) throw new Wanted(message);
    return known;
  };
  for (;;) {
    try {
      return make({ keyid, publicKey, sign });
    } catch (error) {
      if (!(error instanceof Wanted)) throw error;
      signatures.set(sha256Hex(error.bytes), await askFor(key, error.bytes));
    }
  }
}

async function askFor(key: HeldKey, message: Uint8Array): Promise<Uint8Array> {
  const signature = await key.ask(message);
  if (verifySignature(signature, message, key.publicKey)) return signature;
  throw new MeshSimError(
    'signature-invalid',
    `What was signed for us is not signed with the key ${key.keyid}: nothing was recorded.`,
  );
}
