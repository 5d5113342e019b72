import { readFile } from 'node:fs/promises';
import { systemCode } from '../base/errors.ts';
import { writeCapsim } from '../evidence/capsim.ts';
import { sealRun } from '../evidence/seal.ts';
import type { RunObservation } from '../model/observation.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { signedFields } from '../signing/dsse.ts';
import type { SignedCapsule } from './findCapsule.ts';
import { entryAt, readEnvelope, type FoundEntry } from './ledgerEntries.ts';
import { replaceFile } from './replaceFile.ts';
import type { Workspace } from './workspace.ts';
import { runPaths } from './workspacePaths.ts';

export interface RecordedRun {
  readonly simId: string;
  readonly ledgerIndex: number;
  readonly capsimFile: string;
  readonly capsim: Uint8Array;
}

/**
 * Seals an observed run, appends it to the ledger and writes its `.capsim`. Recording a run again returns the same
 * artifact. Only an observation made in this process can be recorded: nothing posted or read from a file is signed.
 * @throws MeshSimError of the keys, the disk or the ledger
 */
export async function recordResult(
  workspace: Workspace,
  run: { readonly observation: RunObservation; readonly signed: SignedCapsule },
): Promise<RecordedRun> {
  const { observation, signed } = run;
  const existing = await readRecorded(workspace, observation.simId);
  if (existing !== undefined) return existing;
  const { capsule: key } = await workspace.keyring();
  const previousSim = await previousResult(workspace, signed.capsule.capsuleHash);
  const sealed = sealRun({
    observation,
    capsuleHash: signed.capsule.capsuleHash,
    packEnvelope: signed.envelope,
    ...(previousSim === undefined ? {} : { previousSim }),
    key,
  });
  // The envelope is durable before the ledger names it: a crash in between leaves an object, never a dangling entry.
  await workspace.store.put(canonicalBytes(sealed.envelope));
  const ledger = await workspace.ledger();
  await ledger.append({
    v: 1,
    kind: 'sim-result',
    at: workspace.now(),
    capsuleHash: signed.capsule.capsuleHash,
    ...signedFields(sealed.envelope, key.publicKey),
    simId: observation.simId,
    outcome: observation.outcome,
    resultDigest: sealed.resultDigest,
  });
  const recorded = await readRecorded(workspace, observation.simId);
  if (recorded === undefined) throw new Error('The entry just appended is not in the ledger.');
  return recorded;
}

/** The artifact of a run the ledger holds; written anew from ledger and objects when its file is gone. */
export async function readRecorded(
  workspace: Workspace,
  simId: string,
): Promise<RecordedRun | undefined> {
  const rows = (await workspace.index()).rowsOfRun(simId);
  const row = rows.find(({ kind }) => kind === 'sim-result');
  if (row === undefined) return undefined;
  const found = await entryAt(workspace, row, 'sim-result');
  const capsimFile = runPaths(workspace.paths, simId).capsim;
  const capsim = (await readIfPresent(capsimFile)) ?? (await rebuild(workspace, found));
  return { simId, ledgerIndex: found.index, capsimFile, capsim };
}

async function rebuild(workspace: Workspace, found: FoundEntry<'sim-result'>): Promise<Uint8Array> {
  const envelope = await readEnvelope(workspace, found.entry.body);
  const ledger = await workspace.ledger();
  const capsim = writeCapsim(envelope, await ledger.prove(found.index));
  await replaceFile(runPaths(workspace.paths, found.entry.simId).capsim, capsim);
  return capsim;
}

async function previousResult(
  workspace: Workspace,
  capsuleHash: string,
): Promise<string | undefined> {
  const row = (await workspace.index()).rowsOfCapsule(capsuleHash, 'sim-result').at(-1);
  return row === undefined ? undefined : (await entryAt(workspace, row, 'sim-result')).entry.body;
}

async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
