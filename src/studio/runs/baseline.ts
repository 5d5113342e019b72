import { rm } from 'node:fs/promises';
import * as z from 'zod/mini';
import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegularText } from '../../base/regularFile.ts';
import { loadCapsule } from '../../capsule/load.ts';
import { compareRuns, isSameConditions, type ComparedRun } from '../../evidence/comparison.ts';
import type { Evidence } from '../../model/api.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import { simIdSchema } from '../../model/names.ts';
import { readRecorded } from './recordResult.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { findRun, verifyEvidence } from './runs.ts';
import { signedMeasures, type MeasuredRun } from './signedMeasures.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Earlier results that are looked at: each is verified, and what was forty runs ago is no baseline of today's. */
const LOOK_BACK = 40;

const pinSchema = z.strictObject({ simId: simIdSchema });

/** The run that is pinned in this workspace. @throws MeshSimError `run-unknown` for a file that holds no run */
export async function pinnedBaseline(workspace: Workspace): Promise<string | undefined> {
  const file = workspace.paths.baseline;
  try {
    return pinSchema.parse(JSON.parse(await readRegularText(file))).simId;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new MeshSimError(
      'run-unknown',
      `${file} names no run (${messageOf(error)}): run "mesh-sim baseline unpin".`,
      { cause: error },
    );
  }
}

/**
 * From now on runs are compared with this one. @throws MeshSimError `run-unknown`; `evidence-invalid` for a run whose
 * evidence does not verify or did not pass
 */
export async function pinBaseline(workspace: Workspace, simId: string): Promise<string> {
  const run = await findRun(workspace, simId);
  if ((await passingRun(workspace, run.simId)) === undefined) {
    throw new MeshSimError(
      'evidence-invalid',
      `Simulation ${run.simId} has not passed, or its evidence does not verify here: pin another run.`,
    );
  }
  await replaceFile(workspace.paths.baseline, `${JSON.stringify({ simId: run.simId })}\n`);
  return run.simId;
}

export async function unpinBaseline(workspace: Workspace): Promise<void> {
  await rm(workspace.paths.baseline, { force: true });
}

/**
 * That a run can be judged against what is pinned: else it would be held against another run, or against none, and pass.
 * @throws MeshSimError `run-unknown` for a pinned run that is no longer one which passed
 */
export async function assertPinUsable(workspace: Workspace): Promise<void> {
  const pinned = await pinnedBaseline(workspace);
  if (pinned === undefined || (await passingRun(workspace, pinned)) !== undefined) return;
  throw new MeshSimError(
    'run-unknown',
    `The pinned baseline, simulation ${pinned}, is not here as a run that passed and verifies: pin another with "mesh-sim baseline pin <simId>", or run "mesh-sim baseline unpin".`,
  );
}

type JudgedRun = MeasuredRun & ComparedRun['evidence'];

/**
 * What a run is compared with: the pinned run, else the last one before it of the same product that passed under the same
 * conditions, else the last that passed at all. Another Capsule is the point: what changed in between is to be seen.
 */
export async function baselineOf(
  workspace: Workspace,
  run: JudgedRun,
): Promise<Evidence['baseline']> {
  if (!workspace.hasLedger()) return undefined;
  const pinned = await pinnedBaseline(workspace).catch(whenUnusable);
  const isPinned = pinned !== undefined && pinned !== run.result.simId;
  const before = isPinned ? await passingRun(workspace, pinned) : await lastPassing(workspace, run);
  if (before === undefined) return undefined;
  const { result, network, indicators } = before;
  const comparisons = compareRuns(
    await comparedRun(workspace, run),
    await comparedRun(workspace, before),
  );
  const { simId, endedAt } = result;
  return { simId, endedAt, network, indicators, isPinned, comparisons };
}

async function comparedRun(workspace: Workspace, evidence: JudgedRun): Promise<ComparedRun> {
  if (evidence.indicators.length === 0) return { evidence, samples: undefined };
  return { evidence, samples: await signedMeasures(workspace, evidence) };
}

async function lastPassing(
  workspace: Workspace,
  run: JudgedRun,
): Promise<EvidenceExtension | undefined> {
  const { simId, capsuleHash } = run.result;
  const results = (await workspace.index()).rows().filter(({ kind }) => kind === 'sim-result');
  // A run that is not sealed yet comes after all that are.
  const own = results.findIndex((row) => row.simId === simId);
  const earlierResults = own < 0 ? results : results.slice(0, own);
  const product = await productOf(workspace, capsuleHash);
  let newest: EvidenceExtension | undefined;
  for (const row of [...earlierResults].reverse().slice(0, LOOK_BACK)) {
    const isSame =
      row.capsuleHash === capsuleHash ||
      (product !== undefined && (await productOf(workspace, row.capsuleHash)) === product);
    const earlier = isSame ? await passingRun(workspace, row.simId ?? '') : undefined;
    if (earlier !== undefined && isSameConditions(earlier, run)) return earlier;
    newest ??= earlier;
  }
  return newest;
}

/** The product's name; undefined when the Capsule's content is gone from this workspace. */
function productOf(workspace: Workspace, capsuleHash: string): Promise<string | undefined> {
  return loadCapsule(workspace.store, capsuleHash).then(
    ({ manifest }) => manifest.name,
    () => undefined,
  );
}

/** An earlier run whose own file is wrong is no baseline; its own evidence says so. */
async function passingRun(
  workspace: Workspace,
  simId: string,
): Promise<EvidenceExtension | undefined> {
  const recorded = await readRecorded(workspace, simId).catch(whenUnusable);
  if (recorded === undefined) return undefined;
  const { verdict, statement } = await verifyEvidence(workspace, recorded.capsim);
  const evidence = statement?.predicate.meshsim_evidence;
  return verdict === 'verified' && evidence?.result.outcome === 'pass' ? evidence : undefined;
}

function whenUnusable(error: unknown): undefined {
  if (!(error instanceof MeshSimError)) throw error;
}
