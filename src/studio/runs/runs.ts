import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import { verifyCapsim, type VerificationReport } from '../../evidence/verify.ts';
import type { EvidenceStatement } from '../../model/evidence.ts';
import type { Plan } from '../../model/plan.ts';
import { keysAllowedFor } from '../../signing/allowedSigners.ts';
import { readRecorded, type RecordedRun } from './recordResult.ts';
import { isUnderWay } from './runLock.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

const MIN_PREFIX = 4;

/**
 * The simId that a prefix stands for, of a run of this workspace that was started.
 * @throws MeshSimError `run-unknown`, `usage` when ambiguous
 */
export async function simIdOf(workspace: Workspace, prefix: string): Promise<string> {
  const rows = workspace.hasLedger() ? (await workspace.index()).rows() : [];
  const matches = rows
    .filter(({ kind }) => kind === 'sim-started')
    .flatMap(({ simId }) => simId ?? [])
    .filter((simId) => prefix.length >= MIN_PREFIX && simId.startsWith(prefix));
  const [simId, second] = matches;
  if (simId === undefined) {
    throw new MeshSimError(
      'run-unknown',
      `No simulation "${prefix}" in this workspace: "mesh-sim ledger list" shows what there is (at least ${MIN_PREFIX} characters).`,
    );
  }
  if (second !== undefined) {
    throw new MeshSimError(
      'usage',
      `"${prefix}" begins ${matches.length} simulations: give more characters.`,
    );
  }
  return simId;
}

/**
 * A sealed run by a unique prefix of its simId.
 * @throws MeshSimError as simIdOf; `run-unfinished` when it was started but never sealed
 */
export async function findRun(workspace: Workspace, prefix: string): Promise<RecordedRun> {
  const simId = await simIdOf(workspace, prefix);
  const recorded = await readRecorded(workspace, simId);
  if (recorded !== undefined) return recorded;
  const isLive = await isUnderWay(runPaths(workspace.paths, simId));
  throw new MeshSimError(
    'run-unfinished',
    isLive
      ? `Simulation ${simId} is still running: its evidence is sealed when it ends.`
      : `Simulation ${simId} was started but never finished, so there is no evidence of it.`,
  );
}

/** Verifies evidence with the signers this user trusts. */
export async function verifyEvidence(
  workspace: Workspace,
  capsim: Uint8Array,
): Promise<VerificationReport> {
  const signers = await workspace.allowedSigners();
  return verifyCapsim(capsim, {
    trustedKeys: keysAllowedFor(signers, 'mesh-sim'),
    logKeys: keysAllowedFor(signers, 'mesh-sim-ledger'),
  });
}

/** What a sealed run states, after all of it was verified. @throws MeshSimError `evidence-invalid`, `signer-untrusted` */
export async function readStatement(
  workspace: Workspace,
  capsim: Uint8Array,
  source: string,
): Promise<EvidenceStatement> {
  const report = await verifyEvidence(workspace, capsim);
  if (report.verdict === 'verified' && report.statement !== undefined) return report.statement;
  const failed = report.steps.find((step) => step.status === 'failed');
  throw new MeshSimError(
    report.verdict === 'untrusted' ? 'signer-untrusted' : 'evidence-invalid',
    `${source} is not verified evidence: ${failed?.sentence ?? report.verdict}`,
  );
}

/**
 * The plan of a sealed run, from its artifact alone: a simId of this workspace or a `.capsim` file from anywhere.
 * @throws MeshSimError when there is no such run or file, or when it does not verify
 */
export async function replayPlan(workspace: Workspace, runOrFile: string): Promise<Plan> {
  const capsim = runOrFile.endsWith('.capsim')
    ? await readCapsimFile(runOrFile)
    : (await findRun(workspace, runOrFile)).capsim;
  const statement = await readStatement(workspace, capsim, runOrFile);
  return statement.predicate.meshsim_evidence.plan;
}

/** @throws MeshSimError `run-unknown` when there is no such file, or it cannot be read */
export async function readCapsimFile(file: string): Promise<Uint8Array> {
  try {
    return await readRegular(file);
  } catch (error) {
    throw new MeshSimError(
      'run-unknown',
      systemCode(error) === 'ENOENT' ? `There is no file ${file}.` : `${file}: ${messageOf(error)}`,
    );
  }
}
