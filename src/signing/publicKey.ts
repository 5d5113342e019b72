import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { MeshSimError } from '../base/errors.ts';

/** RFC 8410: SubjectPublicKeyInfo of Ed25519 is this prefix and the 32 raw bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SSH_KEY_TYPE = 'ssh-ed25519';

/** Namespaces of an allowed_signers line: what a key may sign. */
export type SignerNamespace = 'mesh-sim' | 'mesh-sim-ledger' | 'mesh-sim-witness';

export function spkiDer(publicKey: Uint8Array): Buffer {
  return Buffer.concat([SPKI_PREFIX, publicKey]);
}

/** The raw 32 bytes of an Ed25519 public key, as 64 hex digits. */
export function rawPublicKey(key: KeyObject): string {
  const der = key.export({ format: 'der', type: 'spki' });
  return der.subarray(SPKI_PREFIX.length).toString('hex');
}

/** A string as SSH sends it (RFC 4251, section 5): its length in bytes as u32, big-endian, and its bytes. */
export function wireString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The strings that a message consists of; what is cut short is left out. */
export function sshStrings(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** The key as OpenSSH sends it (RFC 8709 section 4). */
export function sshWireKey(publicKeyHex: string): Buffer {
  return Buffer.concat([
    wireString(Buffer.from(SSH_KEY_TYPE)),
    wireString(Buffer.from(publicKeyHex, 'hex')),
  ]);
}

/** The key id: `SHA256:` and unpadded base64, exactly what `ssh-keygen -lf` prints for the same key. */
export function fingerprint(publicKeyHex: string): string {
  const digest = createHash('sha256').update(sshWireKey(publicKeyHex)).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** SPKI PEM (RFC 7468) with a final newline. */
export function publicKeyPem(publicKeyHex: string): string {
  const base64 = spkiDer(Buffer.from(publicKeyHex, 'hex')).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
}

/** The raw key, 64 hex digits, of an SPKI PEM text. Throws `key-invalid`; `name` says whose text it is. */
export function publicKeyFromPem(pem: string, name: string): string {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) {
    throw new MeshSimError(
      'key-invalid',
      `${name} is not a public key in PEM form: give the output of "mesh-sim keys export --pem".`,
    );
  }
  let der: Buffer;
  try {
    der = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  } catch (error) {
    throw new MeshSimError('key-invalid', `${name} holds a public key that cannot be read.`, {
      cause: error,
    });
  }
  if (der.length !== SPKI_PREFIX.length + 32 || !der.subarray(0, 12).equals(SPKI_PREFIX)) {
    throw new MeshSimError('key-invalid', `${name} holds a public key that is not Ed25519.`);
  }
  return der.subarray(SPKI_PREFIX.length).toString('hex');
}

/** One line of an OpenSSH allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS), without a newline. */
export function allowedSignersLine(
  publicKeyHex: string,
  principal: string,
  namespace: SignerNamespace = 'mesh-sim',
): string {
  return `${principal} namespaces="${namespace}" ${sshPublicLine(publicKeyHex)}`;
}

/** A public key as ssh-keygen writes it into a `.pub` file, without a comment or newline. */
export function sshPublicLine(publicKeyHex: string): string {
  return `${SSH_KEY_TYPE} ${sshWireKey(publicKeyHex).toString('base64')}`;
}

/** The raw key, 64 hex digits, of a `.pub` file. @throws MeshSimError `key-invalid`; `file` says where it came from */
export function publicKeyFromLine(text: string, file: string): string {
  const [type, base64 = ''] = text.trim().split(/[ \t]+/);
  const publicKey = type === SSH_KEY_TYPE ? publicKeyFromSsh(base64) : undefined;
  if (publicKey !== undefined) return publicKey;
  throw new MeshSimError(
    'key-invalid',
    `${file} is not an Ed25519 public key of OpenSSH: choose one with "mesh-sim keys rotate --agent", or remove the file.`,
  );
}

/** The raw key, 64 hex digits, of the base64 field of an ssh-ed25519 key; undefined when it is something else. */
export function publicKeyFromSsh(base64: string): string | undefined {
  const wire = Buffer.from(base64, 'base64');
  const hex = wire.subarray(-32).toString('hex');
  // Node.js skips what is no base64: another spelling of a key is refused.
  return wire.equals(sshWireKey(hex)) && wire.toString('base64') === base64 ? hex : undefined;
}
