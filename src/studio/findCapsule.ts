import { loadCapsule } from '../capsule/load.ts';
import { MeshSimError } from '../base/errors.ts';
import type { Capsule } from '../model/capsule.ts';
import { DSSE_PAYLOAD_TYPE, type DsseEnvelope } from '../model/evidence.ts';
import { keysAllowedFor } from '../signing/allowedSigners.ts';
import { verifyEnvelope } from '../signing/dsse.ts';
import { entriesOf, readEnvelope, type EntryOf } from './ledgerEntries.ts';
import type { Workspace } from './workspace.ts';

const MIN_PREFIX = 4;
const SHOWN_HASHES = 5;

export interface SignedCapsule {
  readonly capsule: Capsule;
  readonly envelope: DsseEnvelope;
  /** Digest of the envelope: its name in objects/. */
  readonly envelopeDigest: string;
  readonly publicKey: string;
}

/**
 * The one packed Capsule whose hash begins with `prefix`, its signature verified against the user's trusted signers.
 * @throws MeshSimError `capsule-unknown`, `capsule-ambiguous`, `signer-untrusted`, `signature-invalid`
 */
export async function findCapsule(workspace: Workspace, prefix: string): Promise<SignedCapsule> {
  const packs = workspace.hasLedger()
    ? (await entriesOf(workspace, 'pack')).map(({ entry }) => entry)
    : [];
  const capsuleHash = uniqueHash(prefix, packs);
  const pack = packs.findLast((entry) => entry.capsuleHash === capsuleHash);
  if (pack === undefined) throw unknownCapsule(prefix, packs);
  await assertTrusted(workspace, pack);
  const envelope = await readEnvelope(workspace, pack.body);
  verifyEnvelope(envelope, pack.publicKey, DSSE_PAYLOAD_TYPE);
  const capsule = await loadCapsule(workspace.store, capsuleHash);
  return { capsule, envelope, envelopeDigest: pack.body, publicKey: pack.publicKey };
}

function uniqueHash(prefix: string, packs: readonly EntryOf<'pack'>[]): string {
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < MIN_PREFIX || prefix.length > 64) {
    throw new MeshSimError(
      'usage',
      `"${prefix}" is not a Capsule hash: give at least ${MIN_PREFIX} of its 64 lower-case hex digits.`,
    );
  }
  const matches = [...new Set(packs.map((pack) => pack.capsuleHash))].filter((hash) =>
    hash.startsWith(prefix),
  );
  if (matches.length > 1) {
    throw new MeshSimError(
      'capsule-ambiguous',
      `"${prefix}" begins ${matches.length} Capsules (${matches.slice(0, SHOWN_HASHES).map(short).join(', ')}): give more digits.`,
    );
  }
  const [match] = matches;
  if (match === undefined) throw unknownCapsule(prefix, packs);
  return match;
}

function unknownCapsule(prefix: string, packs: readonly EntryOf<'pack'>[]): MeshSimError {
  const known = [...new Set(packs.map((pack) => pack.capsuleHash))].slice(-SHOWN_HASHES);
  const hint =
    known.length === 0
      ? 'nothing has been packed here, run "mesh-sim pack" first'
      : `packed here: ${known.map(short).join(', ')}`;
  return new MeshSimError('capsule-unknown', `No Capsule "${prefix}" in this workspace; ${hint}.`);
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

async function assertTrusted(workspace: Workspace, pack: EntryOf<'pack'>): Promise<void> {
  const trusted = keysAllowedFor(await workspace.allowedSigners(), 'mesh-sim');
  if (trusted.includes(pack.publicKey)) return;
  throw new MeshSimError(
    'signer-untrusted',
    `Capsule ${short(pack.capsuleHash)} was signed by ${pack.keyid}, which is not among your trusted signers: add its line to allowed_signers, or pack it yourself.`,
  );
}
