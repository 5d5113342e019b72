import { readFile } from 'node:fs/promises';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { loadCapsule } from '../capsule/load.ts';
import type { GateInput, PackFacts, RunFacts, StoredEvidence } from '../deploy/gateFacts.ts';
import { writeCapsim } from '../evidence/capsim.ts';
import type { AppendedEntry } from '../ledger/ledger.ts';
import type { Manifest } from '../model/capsule.ts';
import { DSSE_PAYLOAD_TYPE } from '../model/evidence.ts';
import { objectivesOf } from '../model/serviceMeasures.ts';
import { keysAllowedFor } from '../signing/allowedSigners.ts';
import { signedFields, verifyEnvelope } from '../signing/dsse.ts';
import { readEnvelope, type EntryOf } from './ledgerEntries.ts';
import { readProvenance } from './provenance.ts';
import type { Workspace } from './workspace.ts';
import { runPaths } from './workspacePaths.ts';

/** Everything the gate looks at, read anew. What cannot be read is a fact too, never an error. */
export async function gateInput(
  workspace: Workspace,
  environment: string,
  capsuleHash: string,
): Promise<GateInput> {
  const { entries, integrity } = await readProvenance(workspace);
  const problem = integrity.status === 'broken' ? integrity.sentence : undefined;
  const about = entries.filter(({ entry }) => entry.capsuleHash === capsuleHash);
  const runs = runsIn(about);
  const keys = await workspace.keyring();
  const signers = await workspace.allowedSigners();
  return {
    environment,
    capsuleHash,
    ledger: { ...(problem === undefined ? {} : { problem }), ...newestTime(entries) },
    pack: await packFacts(workspace, about),
    runs,
    evidence: await storedEvidence(workspace, runs),
    trustedKeys: keysAllowedFor(signers, 'mesh-sim'),
    ownKey: keys.capsule.publicKey,
    logKey: keys.ledger.publicKey,
  };
}

function newestTime(entries: readonly AppendedEntry[]): { newestAt?: string } {
  // ISO 8601 in UTC with fixed precision: the order of the texts is the order of the times.
  const newestAt = entries.map(({ entry }) => entry.at).reduce((a, b) => (b > a ? b : a), '');
  return newestAt === '' ? {} : { newestAt };
}

function runsIn(entries: readonly AppendedEntry[]): RunFacts[] {
  const starts = new Map<string, number>();
  const runs: RunFacts[] = [];
  for (const { index, entry } of entries) {
    if (entry.kind === 'sim-started') starts.set(entry.simId, index);
    if (entry.kind !== 'sim-result') continue;
    const { simId, body, outcome } = entry;
    const startedAt = starts.get(simId) ?? index;
    runs.push({ simId, startedAt, result: { index, body, outcome } });
  }
  const sealed = new Set(runs.map(({ simId }) => simId));
  const open = [...starts].filter(([simId]) => !sealed.has(simId));
  return [...runs, ...open.map(([simId, startedAt]) => ({ simId, startedAt }))].sort(
    (a, b) => a.startedAt - b.startedAt,
  );
}

async function packFacts(
  workspace: Workspace,
  entries: readonly AppendedEntry[],
): Promise<PackFacts | undefined> {
  const pack = entries.findLast(({ entry }) => entry.kind === 'pack')?.entry;
  if (pack?.kind !== 'pack') return undefined;
  try {
    const manifest = await verifiedManifest(workspace, pack);
    return {
      publicKey: pack.publicKey,
      isDirty: pack.dirty || manifest.dirty !== undefined,
      objectives: objectivesOf(manifest.services),
    };
  } catch (error) {
    const { publicKey, dirty: isDirty } = pack;
    return { publicKey, isDirty, objectives: [], problem: messageOf(error) };
  }
}

async function verifiedManifest(workspace: Workspace, pack: EntryOf<'pack'>): Promise<Manifest> {
  const envelope = await readEnvelope(workspace, pack.body);
  verifyEnvelope(envelope, pack.publicKey, DSSE_PAYLOAD_TYPE);
  if (signedFields(envelope, pack.publicKey).sig !== pack.sig) {
    throw new MeshSimError('ledger-broken', 'its stored signature is not that of the ledger.');
  }
  return (await loadCapsule(workspace.store, pack.capsuleHash)).manifest;
}

async function storedEvidence(
  workspace: Workspace,
  runs: readonly RunFacts[],
): Promise<StoredEvidence | undefined> {
  const newest = runs
    .flatMap(({ simId, result }) => (result === undefined ? [] : [{ simId, ...result }]))
    .sort((a, b) => b.index - a.index)[0];
  return newest === undefined ? undefined : storedCapsim(workspace, newest);
}

/**
 * The `.capsim` of a sealed run as it lies in its folder, or made anew when it is not there. Whatever lies there is
 * returned as it is: judging it is the caller's.
 */
export async function storedCapsim(
  workspace: Workspace,
  run: { readonly simId: string; readonly index: number; readonly body: string },
): Promise<StoredEvidence> {
  try {
    const file = await readIfPresent(runPaths(workspace.paths, run.simId).capsim);
    const envelope = await readEnvelope(workspace, run.body);
    if (file !== undefined) return { bytes: file };
    const ledger = await workspace.ledger();
    return { bytes: writeCapsim(envelope, await ledger.prove(run.index)) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
