import { setTimeout as delay } from 'node:timers/promises';
import { MeshSimError, messageOf, systemCode } from '../../base/errors.ts';
import { readRegularText } from '../../base/regularFile.ts';
import type { StreamEnd } from '../../model/api.ts';
import { simIdSchema } from '../../model/names.ts';
import { EventTail } from './eventTail.ts';
import { entryAt, readFiling } from '../provenance/ledgerEntries.ts';
import { parsePlan } from './planFile.ts';
import { RunBuffer } from './runBuffer.ts';
import { isUnderWay } from './runLock.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths, type RunPaths } from '../workspace/workspacePaths.ts';

/** How often the events of a run of another process are looked at: a person sees them as they happen. */
const FOLLOW_MS = 200;

export interface OpenedRun {
  readonly buffer: RunBuffer;
  /** Resolves when the run is over; undefined: it was over before. Never rejects. */
  readonly following?: Promise<void>;
}

/**
 * The events of a run from its run folder. While the run goes on in another process they are followed until it is sealed
 * or its process is gone, or `signal` aborts. The events of a sealed run must be those its evidence commits to.
 * @throws MeshSimError `run-unknown` when this workspace holds no events of it, `evidence-invalid` when they were altered
 */
export async function openRun(
  workspace: Workspace,
  simId: string,
  signal: AbortSignal,
): Promise<OpenedRun> {
  if (!simIdSchema.safeParse(simId).success) throw unknownRun(simId);
  const paths = runPaths(workspace.paths, simId);
  try {
    const plan = parsePlan(JSON.parse(await readRegularText(paths.plan)), paths.plan);
    const buffer = new RunBuffer({ simId, plan, product: workspace.options.product });
    const run = { workspace, buffer, tail: new EventTail(paths.events, simId) };
    // Asked before reading: what a run writes while it ends is read all the same.
    const isLive = await isUnderWay(paths);
    const hasEvents = await run.tail.read((event) => buffer.push(event));
    // A run is known from its folder a moment before its first event is written.
    if (!hasEvents && !isLive) throw unknownRun(simId);
    if (isLive) return { buffer, following: follow(run, paths, signal) };
    buffer.finish(await endOf(run));
    return { buffer };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw unknownRun(simId);
    throw error;
  }
}

interface TailedRun {
  readonly workspace: Workspace;
  readonly buffer: RunBuffer;
  readonly tail: EventTail;
}

async function follow(run: TailedRun, paths: RunPaths, signal: AbortSignal): Promise<void> {
  const { buffer, tail } = run;
  try {
    for (let isLive = true; isLive;) {
      await delay(FOLLOW_MS, undefined, { signal });
      isLive = await isUnderWay(paths);
      await tail.read((event) => buffer.push(event));
    }
    buffer.finish(await endOf(run));
  } catch (error) {
    buffer.finish({ simId: buffer.simId, outcome: 'error', sentence: messageOf(error) });
  }
}

function unknownRun(simId: string): MeshSimError {
  return new MeshSimError('run-unknown', `No events of simulation "${simId}" in this workspace.`);
}

async function endOf(run: TailedRun): Promise<StreamEnd> {
  const { workspace, buffer, tail } = run;
  const { simId } = buffer;
  const rows = workspace.hasLedger() ? (await workspace.index()).rowsOfRun(simId) : [];
  const row = rows.find(({ kind }) => kind === 'sim-result');
  if (row === undefined) return unsealedEnd(buffer);
  const { entry } = await entryAt(workspace, row, 'sim-result');
  const { filing } = await readFiling(workspace, entry);
  const { events } = filing.statement.predicate.meshsim_evidence;
  if (tail.digest() !== events.digest.sha256) {
    throw new MeshSimError(
      'evidence-invalid',
      `The events of simulation ${simId} are not those its evidence was sealed over: .meshsim/runs/${simId}/events.jsonl was altered, so this run cannot be shown.`,
    );
  }
  const passed = entry.outcome === 'pass';
  return {
    simId,
    outcome: entry.outcome,
    sentence: passed ? 'The run passed and is sealed.' : 'The run failed and is sealed.',
    runId: row.leafHash,
  };
}

function unsealedEnd({ simId, status }: RunBuffer): StreamEnd {
  const hasEnded = status === 'cancelled' || status === 'finished';
  return hasEnded
    ? { simId, outcome: 'cancelled', sentence: 'It ended and was never sealed.' }
    : {
        simId,
        outcome: 'error',
        sentence: 'Its process ended before the run did, so it was never sealed.',
      };
}
