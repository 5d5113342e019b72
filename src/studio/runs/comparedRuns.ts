import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { loadCapsule } from '../../capsule/load.ts';
import { packIn } from '../../evidence/checks.ts';
import {
  compareSides,
  type SideToCompare,
  type VerifiedSide,
} from '../../evidence/compared/compareSides.ts';
import type { VerificationReport } from '../../evidence/verify.ts';
import type { RunComparison } from '../../model/runComparison.ts';
import { findRun, readCapsimFile, simIdOf, verifyEvidence } from './runs.ts';
import { checkSignedEvents, readSignedEvents } from './signedEvents.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * Two runs side by side, B held against A: of this workspace, by a prefix of their simIds.
 * @throws MeshSimError `run-unknown`, `run-unfinished`, `usage` when a prefix begins several
 */
export async function compareRecorded(
  workspace: Workspace,
  a: string,
  b: string,
): Promise<RunComparison> {
  return compareSides(await sideOfRun(workspace, a), await sideOfRun(workspace, b));
}

/** The same, where each may be a `.capsim` file from anywhere as well. A file's path comes from the person, never from a request. */
export async function compareRunsOrFiles(
  workspace: Workspace,
  a: string,
  b: string,
): Promise<RunComparison> {
  const side = (one: string) =>
    one.endsWith('.capsim') ? sideOfFile(workspace, one) : sideOfRun(workspace, one);
  return compareSides(await side(a), await side(b));
}

async function sideOfFile(workspace: Workspace, file: string): Promise<SideToCompare> {
  const report = await verifyEvidence(workspace, await readCapsimFile(file));
  return sideOf(workspace, path.basename(file), report);
}

async function sideOfRun(workspace: Workspace, prefix: string): Promise<SideToCompare> {
  const name = await simIdOf(workspace, prefix);
  try {
    const { capsim } = await findRun(workspace, name);
    return await sideOf(workspace, name, await verifyEvidence(workspace, capsim));
  } catch (error) {
    // Its file is not what the ledger recorded: that is an answer about this run, not a failure to give one.
    if (!(error instanceof MeshSimError) || error.code !== 'evidence-invalid') throw error;
    return { name, verdict: 'invalid', sentence: error.message };
  }
}

async function sideOf(
  workspace: Workspace,
  name: string,
  report: VerificationReport,
): Promise<SideToCompare> {
  const { verdict, sentence } = report;
  return { name, verdict, sentence, verified: await verifiedSide(workspace, report) };
}

async function verifiedSide(
  workspace: Workspace,
  { verdict, statement, signerPublicKey }: VerificationReport,
): Promise<VerifiedSide | undefined> {
  if (verdict !== 'verified' || statement === undefined || signerPublicKey === undefined) {
    return undefined;
  }
  const evidence = statement.predicate.meshsim_evidence;
  const manifest = await loadCapsule(workspace.store, evidence.result.capsuleHash).then(
    (capsule) => capsule.manifest,
    () => undefined,
  );
  const bytes = await readSignedEvents(workspace, evidence);
  const { sentence } = await checkSignedEvents(workspace, statement);
  return {
    statement,
    capsule: { manifest, pack: packIn(statement, signerPublicKey) },
    events: { ...(bytes === undefined ? {} : { text: bytes.toString() }), sentence },
  };
}
