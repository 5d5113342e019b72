import path from 'node:path';
import { isReadOnly } from '../../base/diskFailure.ts';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { readCapsim, writeCapsim, type Capsim } from '../../evidence/capsim.ts';
import { earliestRecord } from '../../model/recordedTime.ts';
import type { RunObservation } from '../../model/observation.ts';
import { envelopeDigest } from '../../signing/dsse.ts';
import type { Redactor } from '../../vault/redactor.ts';
import { fileRecord } from '../provenance/fileRecord.ts';
import type { SignedCapsule } from '../capsules/findCapsule.ts';
import { entryAt, readFiling, type FoundEntry } from '../provenance/ledgerEntries.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { assertOwnPack } from './ownPack.ts';
import { isOfKey, keptUnsigned, sealOrKeep } from './sealOrKeep.ts';
import { assertNoSecretInEvents } from './secretLeak.ts';
import { readIfPresent } from './storedCapsim.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

export interface RecordedRun {
  readonly simId: string;
  readonly ledgerIndex: number;
  readonly capsimFile: string;
  readonly capsim: Uint8Array;
}

/**
 * Seals an observed run, appends it to the ledger and writes its `.capsim`. Recording a run again returns the same
 * artifact. Only an observation made in this process can be recorded: nothing posted or read from a file is signed.
 * @throws MeshSimError `secret-leak`; `internal`, when the record contradicts itself; those of the keys, the disk or the ledger
 */
export async function recordResult(
  workspace: Workspace,
  run: {
    readonly observation: RunObservation;
    readonly signed: SignedCapsule;
    /** What all nodes ran at first; left out: it was no upgrade. */
    readonly before?: SignedCapsule | undefined;
    /** Knows the secrets the run was given. */
    readonly redactor: Redactor;
  },
): Promise<RecordedRun> {
  const { observation, signed, before, redactor } = run;
  const existing = await readRecorded(workspace, observation.simId);
  if (existing !== undefined) return existing;
  await assertNoSecretInEvents(runPaths(workspace.paths, observation.simId).events, redactor);
  const { capsule: key } = await workspace.keyring().catch(async (error: unknown) => {
    throw isOfKey(error) ? await keptUnsigned(workspace, redactor, observation, error) : error;
  });
  // It may have been changed while the run went on.
  assertOwnPack(signed, key);
  const previousSim = await previousResult(workspace, signed.capsule.capsuleHash);
  const sealed = await sealOrKeep(workspace, redactor, {
    observation,
    capsuleHash: signed.capsule.capsuleHash,
    packEnvelope: signed.envelope,
    ...(before === undefined ? {} : { before }),
    ...(previousSim === undefined ? {} : { previousSim }),
    key,
  });
  await fileRecord(workspace, {
    kind: 'sim-result',
    at: recordedAt(workspace, observation),
    envelope: sealed.envelope,
    publicKey: key.publicKey,
  });
  const recorded = await readRecorded(workspace, observation.simId);
  if (recorded === undefined) throw new Error('The entry just appended is not in the ledger.');
  return recorded;
}

/** Now; where the clock on the wall was set back while the run went on, when it ended by the clock that never goes back. */
function recordedAt(workspace: Workspace, observation: RunObservation): string {
  const now = workspace.now();
  const earliest = earliestRecord(observation, observation.plan);
  return now < earliest ? earliest : now;
}

/**
 * The artifact of a run the ledger holds; written anew from ledger and objects when its file is gone. A file that is there
 * must carry the very envelope the ledger recorded: another run's evidence is genuine too, but says nothing about this one.
 * It is left as it is, since it may be the only trace of who put it there.
 * @throws MeshSimError `evidence-invalid` naming the file that is not this run's
 */
export async function readRecorded(
  workspace: Workspace,
  simId: string,
): Promise<RecordedRun | undefined> {
  const rows = (await workspace.index()).rowsOfRun(simId);
  const row = rows.find(({ kind }) => kind === 'sim-result');
  if (row === undefined) return undefined;
  const found = await entryAt(workspace, row, 'sim-result');
  const capsimFile = runPaths(workspace.paths, simId).capsim;
  const present = await readIfPresent(capsimFile);
  if (present !== undefined) assertRecords(present, found, nameOf(workspace, capsimFile));
  const capsim = present ?? (await rebuild(workspace, found));
  return { simId, ledgerIndex: found.index, capsimFile, capsim };
}

function assertRecords(
  capsim: Uint8Array,
  { index, entry }: FoundEntry<'sim-result'>,
  name: string,
): void {
  const problem = differenceFrom(capsim, { index, body: entry.body });
  if (problem === undefined) return;
  throw new MeshSimError(
    'evidence-invalid',
    `${name} is not what ledger entry ${index} records for simulation ${entry.simId} (${problem}): move that file away, and the recorded evidence is written anew.`,
  );
}

function differenceFrom(
  capsim: Uint8Array,
  { index, body }: { readonly index: number; readonly body: string },
): string | undefined {
  let read: Capsim;
  try {
    read = readCapsim(capsim);
  } catch (error) {
    return messageOf(error).replace(/\.$/, '');
  }
  if (envelopeDigest(read.envelope) !== body) return 'its signed statement is another one';
  return read.proof.index === index ? undefined : `it is that of entry ${read.proof.index}`;
}

/** As a person finds it from the workspace's folder, with `/` on every system. */
function nameOf(workspace: Workspace, file: string): string {
  return path.relative(workspace.paths.folder, file).split(path.sep).join('/');
}

async function rebuild(workspace: Workspace, found: FoundEntry<'sim-result'>): Promise<Uint8Array> {
  const { envelope } = await readFiling(workspace, found.entry);
  const ledger = await workspace.ledger();
  const capsim = writeCapsim(envelope, await ledger.prove(found.index));
  try {
    await replaceFile(runPaths(workspace.paths, found.entry.simId).capsim, capsim);
  } catch (error) {
    // The file is a copy of what ledger and objects hold: where none can be kept, it is made again by whoever reads it.
    if (!(error instanceof MeshSimError) || !isReadOnly(error.cause)) throw error;
  }
  return capsim;
}

async function previousResult(
  workspace: Workspace,
  capsuleHash: string,
): Promise<string | undefined> {
  const row = (await workspace.index()).rowsOfCapsule(capsuleHash, 'sim-result').at(-1);
  return row === undefined ? undefined : (await entryAt(workspace, row, 'sim-result')).entry.body;
}
