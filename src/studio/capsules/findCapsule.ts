import { loadCapsule } from '../../capsule/load.ts';
import { MeshSimError } from '../../base/errors.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { DsseEnvelope } from '../../model/dsse.ts';
import type { EntryOf } from '../../model/ledgerEntry.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import { whyUntrusted } from '../../signing/trustedKeys.ts';
import { entryAt, readFiling } from '../provenance/ledgerEntries.ts';
import { readProvenance } from '../provenance/provenance.ts';
import type { Workspace } from '../workspace/workspace.ts';

const MIN_PREFIX = 4;
const SHOWN_HASHES = 5;

export interface SignedCapsule {
  readonly capsule: Capsule;
  readonly envelope: DsseEnvelope;
  readonly publicKey: string;
}

/**
 * The one packed Capsule whose hash begins with `prefix`, its signature verified against the user's trusted signers.
 * @throws MeshSimError `capsule-unknown`, `capsule-ambiguous`, `signer-untrusted`, `signature-invalid`
 */
export async function findCapsule(workspace: Workspace, prefix: string): Promise<SignedCapsule> {
  const capsuleHash = await resolveCapsule(workspace, prefix);
  const index = await workspace.index();
  const newest = index.rowsOfCapsule(capsuleHash, 'pack').at(-1);
  if (newest === undefined) throw unknownCapsule(prefix, index.capsuleHashes(''));
  const { entry: pack } = await entryAt(workspace, newest, 'pack');
  await assertTrusted(workspace, pack);
  const { envelope } = await readFiling(workspace, pack);
  const capsule = await loadCapsule(workspace.store, capsuleHash);
  return { capsule, envelope, publicKey: pack.publicKey };
}

/**
 * The one packed Capsule whose hash begins with `prefix`; nothing about it is verified. Of a broken ledger what can still be
 * read is looked through: whoever uses the hash finds that it is broken, and says so.
 * @throws MeshSimError `capsule-unknown`, `capsule-ambiguous`, `usage`
 */
export async function resolveCapsule(workspace: Workspace, prefix: string): Promise<string> {
  assertPrefix(prefix);
  if (!workspace.hasLedger()) throw unknownCapsule(prefix, []);
  return uniqueHash(prefix, await packedHashes(workspace, prefix));
}

/** @throws MeshSimError `usage` */
export function assertPrefix(prefix: string): void {
  if (/^[0-9a-f]+$/.test(prefix) && prefix.length >= MIN_PREFIX && prefix.length <= 64) return;
  throw new MeshSimError(
    'usage',
    `"${prefix}" is not a Capsule hash: give at least ${MIN_PREFIX} of its 64 lower-case hex digits.`,
  );
}

/** Newest first. @throws MeshSimError `ledger-broken` where nothing with this prefix can be read any more */
async function packedHashes(workspace: Workspace, prefix: string): Promise<string[]> {
  try {
    return (await workspace.index()).capsuleHashes('');
  } catch (error) {
    if (!(error instanceof MeshSimError) || error.code !== 'ledger-broken') throw error;
    const { entries } = await readProvenance(workspace);
    const packs = entries.filter(({ entry }) => entry.kind === 'pack').reverse();
    const hashes = [...new Set(packs.map(({ entry }) => entry.capsuleHash))];
    if (hashes.some((hash) => hash.startsWith(prefix))) return hashes;
    throw error;
  }
}

function uniqueHash(prefix: string, hashes: readonly string[]): string {
  const [match, ...others] = hashes.filter((hash) => hash.startsWith(prefix));
  if (match === undefined) throw unknownCapsule(prefix, hashes);
  if (others.length === 0) return match;
  const shown = [match, ...others].slice(0, SHOWN_HASHES).map(short).join(', ');
  throw new MeshSimError(
    'capsule-ambiguous',
    `"${prefix}" begins ${others.length + 1} Capsules (${shown}): give more digits.`,
  );
}

/** @param known hashes of packed Capsules, newest first */
function unknownCapsule(prefix: string, known: readonly string[]): MeshSimError {
  const hint =
    known.length === 0
      ? 'nothing has been packed here, run "mesh-sim pack" first'
      : `packed here: ${known.slice(0, SHOWN_HASHES).map(short).join(', ')}`;
  return new MeshSimError('capsule-unknown', `No Capsule "${prefix}" in this workspace; ${hint}.`);
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

async function assertTrusted(workspace: Workspace, pack: EntryOf<'pack'>): Promise<void> {
  const trusted = keysAllowedFor(await workspace.allowedSigners(), 'mesh-sim');
  const why = whyUntrusted(trusted, pack.publicKey, Date.parse(pack.at));
  if (why === undefined) return;
  throw new MeshSimError(
    'signer-untrusted',
    `Capsule ${short(pack.capsuleHash)} was signed by ${pack.keyid}, which ${why}: add its line to allowed_signers, or pack it yourself.`,
  );
}
