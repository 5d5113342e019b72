import { publicKeyFromSsh } from './publicKey.ts';
import type { SignerNamespace } from './publicKey.ts';

export interface AllowedSigner {
  readonly principal: string;
  /** Raw Ed25519 public key, 64 hex digits. */
  readonly publicKey: string;
  /** Empty: the line names none, which in this format means any. */
  readonly namespaces: readonly string[];
}

const LINE =
  /^(?<principal>\S+)(?:\s+namespaces="(?<namespaces>[^"]*)")?\s+ssh-ed25519\s+(?<key>[A-Za-z0-9+/=]+)(?:\s.*)?$/;

/**
 * Reads an OpenSSH allowed_signers text (ssh-keygen(1)). Comments are skipped, and so is every line with another key type
 * or with an option we do not enforce (validity times, certificate authorities): an unread line trusts nobody.
 */
export function parseAllowedSigners(text: string): AllowedSigner[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const groups = LINE.exec(line.trim())?.groups;
    const publicKey = publicKeyFromSsh(groups?.key ?? '');
    const principal = groups?.principal;
    if (principal === undefined || principal.startsWith('#') || publicKey === undefined) return [];
    const namespaces = (groups?.namespaces ?? '').split(',').filter((name) => name !== '');
    return [{ principal, publicKey, namespaces }];
  });
}

/** The keys that may sign results (or, with the ledger's namespace, checkpoints). A log key must be named as one. */
export function keysAllowedFor(
  signers: readonly AllowedSigner[],
  namespace: SignerNamespace,
): string[] {
  const allowed = signers.filter(
    ({ namespaces }) =>
      namespaces.includes(namespace) || (namespaces.length === 0 && namespace === 'mesh-sim'),
  );
  return [...new Set(allowed.map((signer) => signer.publicKey))];
}
