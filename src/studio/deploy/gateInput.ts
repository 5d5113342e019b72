import { messageOf } from '../../base/errors.ts';
import type { GateFacts, PackFacts, RunFacts, StoredEvidence } from '../../deploy/gateFacts.ts';
import type { AppendedEntry } from '../../ledger/ledger.ts';
import { objectivesOf } from '../../model/serviceMeasures.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import type { EntryOf } from '../../model/ledgerEntry.ts';
import { readProvenance } from '../provenance/provenance.ts';
import { linksOf, problemAlong } from '../provenance/provenanceChain.ts';
import { ProofReader } from '../provenance/provenanceProof.ts';
import { storedCapsim } from '../runs/storedCapsim.ts';
import { unprovenRecords } from '../provenance/unprovenRecords.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * Everything the gate looks at, read anew. What cannot be read is a fact too, never an error.
 * @param choice `restingOn`: the ledger index of the one record that counts, with what it rests on; left out: all that were
 * made since the newest pack
 */
export async function gateFacts(
  workspace: Workspace,
  capsuleHash: string,
  choice: { readonly restingOn?: number } = {},
): Promise<GateFacts> {
  const provenance = await readProvenance(workspace);
  const { entries, integrity } = provenance;
  const problem = integrity.status === 'broken' ? integrity.sentence : undefined;
  const about = entries.filter(({ entry }) => entry.capsuleHash === capsuleHash);
  const runs = runsIn(about);
  const pack = newestPack(about);
  const { restingOn } = choice;
  const counted =
    restingOn === undefined ? since(pack, about) : about.filter(({ index }) => index === restingOn);
  const reader = await ProofReader.open(workspace, provenance);
  const keys = await workspace.keysPresent();
  const signers = await workspace.allowedSigners();
  return {
    capsuleHash,
    ledger: { ...(problem === undefined ? {} : { problem }), ...newestTime(entries) },
    pack: pack === undefined ? undefined : await packFacts(pack, reader),
    unproven: await unprovenRecords(counted, about, reader),
    runs,
    evidence: await storedEvidence(workspace, about, pack, reader),
    trustedKeys: keysAllowedFor(signers, 'mesh-sim'),
    ownKey: keys.capsule?.publicKey,
    logKey: keys.ledger?.publicKey,
  };
}

type Pack = AppendedEntry & { readonly entry: EntryOf<'pack'> };
type Result = AppendedEntry & { readonly entry: EntryOf<'sim-result'> };

function isPack(appended: AppendedEntry): appended is Pack {
  return appended.entry.kind === 'pack';
}

/** A pack that an earlier release signed twice says nothing new the second time. */
function newestPack(about: readonly AppendedEntry[]): Pack | undefined {
  const packs = about.filter(isPack);
  return packs.findLast(
    (pack) => packs.find(({ entry }) => entry.body === pack.entry.body) === pack,
  );
}

function isResult(appended: AppendedEntry): appended is Result {
  return appended.entry.kind === 'sim-result';
}

/** What was recorded after the newest pack; the pack itself is judged by rules of its own. */
function since(pack: Pack | undefined, about: readonly AppendedEntry[]): AppendedEntry[] {
  return about.filter(({ index, entry }) => 'body' in entry && index > (pack?.index ?? -1));
}

function newestTime(entries: readonly AppendedEntry[]): { newestAt?: string } {
  // ISO 8601 in UTC with fixed precision: the order of the texts is the order of the times.
  const newestAt = entries.map(({ entry }) => entry.at).reduce((a, b) => (b > a ? b : a), '');
  return newestAt === '' ? {} : { newestAt };
}

function runsIn(entries: readonly AppendedEntry[]): RunFacts[] {
  const starts = new Map<string, number>();
  const runs: RunFacts[] = [];
  for (const { index, leafHash, entry } of entries) {
    if (entry.kind === 'sim-started') starts.set(entry.simId, index);
    if (entry.kind !== 'sim-result') continue;
    const { simId, body, outcome } = entry;
    const startedAt = starts.get(simId) ?? index;
    runs.push({ simId, startedAt, result: { index, leafHash, body, outcome } });
  }
  const sealed = new Set(runs.map(({ simId }) => simId));
  const open = [...starts].filter(([simId]) => !sealed.has(simId));
  return [...runs, ...open.map(([simId, startedAt]) => ({ simId, startedAt }))].sort(
    (a, b) => a.startedAt - b.startedAt,
  );
}

async function packFacts(pack: Pack, reader: ProofReader): Promise<PackFacts> {
  const { publicKey, at, dirty } = pack.entry;
  const facts = { publicKey, at, isVouchedFor: await reader.isVouchedFor(pack.entry) };
  try {
    const { manifest } = await reader.capsuleOf(pack);
    return {
      ...facts,
      isDirty: dirty || manifest.dirty !== undefined,
      objectives: objectivesOf(manifest.services),
    };
  } catch (error) {
    return { ...facts, isDirty: dirty, objectives: [], problem: messageOf(error) };
  }
}

/** Of the newest result. One from before the newest pack is no record that counts by itself: here its chain is judged too. */
async function storedEvidence(
  workspace: Workspace,
  about: readonly AppendedEntry[],
  pack: Pack | undefined,
  reader: ProofReader,
): Promise<StoredEvidence | undefined> {
  const newest = about.findLast(isResult);
  if (newest === undefined) return undefined;
  const { index, entry } = newest;
  const stored = await storedCapsim(workspace, { index, simId: entry.simId, body: entry.body });
  if (stored.problem !== undefined || index > (pack?.index ?? -1)) return stored;
  const links = await linksOf([newest], about, reader);
  const link = links.get(index);
  const problem = link === undefined ? undefined : problemAlong(link, links);
  return problem === undefined ? stored : { ...stored, problem };
}
