import { messageOf } from '../../base/errors.ts';
import { factsOf } from '../../explore/facts.ts';
import { outcomeOfRun } from '../../explore/runOutcome.ts';
import { statedRunOf } from '../../evidence/statedRun.ts';
import type { EvidenceStatement } from '../../model/evidence.ts';
import type { CheckedExploration, Exploration, ExploredSeed } from '../../model/explorationApi.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { findExploration } from './explorations.ts';
import { findRun, readStatement } from './runs.ts';

type Claim = Exploration['runs'][number];

/**
 * Holds what an exploration's record says of its runs against the sealed evidence of each: a record is not signed, so what
 * evidence says is what is given, and where the record says something else, that is told.
 * @throws MeshSimError `exploration-unknown`
 */
export async function checkExploration(
  workspace: Workspace,
  id: string,
): Promise<CheckedExploration> {
  const { runs, ...parts } = await findExploration(workspace, id);
  const seeds: ExploredSeed[] = [];
  for (const claim of runs) seeds.push(await checkRow(workspace, parts, claim));
  return { ...parts, seeds };
}

async function checkRow(
  workspace: Workspace,
  exploration: Pick<Exploration, 'capsuleHash' | 'from'>,
  claim: Claim,
): Promise<ExploredSeed> {
  const { seed, simId } = claim;
  let statement: EvidenceStatement;
  try {
    const { capsim } = await findRun(workspace, simId);
    statement = await readStatement(workspace, capsim, `Simulation ${simId}`);
  } catch (error) {
    return { seed, simId, problem: messageOf(error) };
  }
  const { plan, ...facts } = factsIn(statement);
  const said = { ...exploration, ...claim };
  const sealed = {
    ...{ capsuleHash: plan.capsuleHash, from: plan.upgrade?.from },
    ...{ seed: plan.seed, simId, ...facts },
  };
  const differing = DIFFERENCES.find(([key]) => !isSame(said[key], sealed[key]));
  return {
    ...{ seed: plan.seed, simId, facts },
    ...(differing === undefined
      ? {}
      : { problem: `The record says another ${differing[1]} than the sealed evidence.` }),
  };
}

/** What both say, and how it is called. */
const DIFFERENCES = [
  ['capsuleHash', 'Capsule'],
  ['from', 'Capsule before'],
  ['seed', 'seed'],
  ['outcome', 'outcome'],
  ['invariant', 'invariant'],
  ['order', 'order of nodes'],
  ['backAfterWave', 'point at which nodes went back'],
  ['faults', 'list of faults that happened'],
] as const;

function factsIn(statement: EvidenceStatement) {
  const evidence = statement.predicate.meshsim_evidence;
  const run = statedRunOf(statement);
  // Of evidence v1, which no exploration ever sealed, nothing is known of faults.
  const faults = 'faults' in evidence ? evidence.faults : [];
  return { plan: run.plan, ...factsOf(outcomeOfRun({ ...run, faults })) };
}

function isSame(one: unknown, other: unknown): boolean {
  return Buffer.compare(canonicalBytes([one ?? null]), canonicalBytes([other ?? null])) === 0;
}
