import { MeshSimError } from '../../base/errors.ts';
import { LogTeller } from '../../log/logTeller.ts';
import type { LogRow } from '../../log/logRow.ts';
import type { MeshEvent } from '../../model/events.ts';
import type { Plan } from '../../model/plan.ts';
import { runPaths } from '../workspace/workspacePaths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { eventsElsewhere, EventTail } from './eventTail.ts';
import { parsePlan, readPlanFile } from './planFile.ts';
import { findRun, readCapsimFile, readStatement, simIdOf } from './runs.ts';

export interface RunLog {
  readonly simId: string;
  readonly rows: readonly LogRow[];
  /** They are the events that verified evidence has signed; false: the run is not sealed, so nobody vouches for them. */
  readonly isSigned: boolean;
}

/**
 * The log of a run, by a prefix of its simId or by a `.capsim` file of a run of this workspace.
 * @throws MeshSimError `run-unknown`, `usage` for an ambiguous prefix, `evidence-invalid` where evidence or events are not what was
 * signed, `signer-untrusted`
 */
export async function readRunLog(workspace: Workspace, runOrFile: string): Promise<RunLog> {
  const capsim = runOrFile.endsWith('.capsim')
    ? await readCapsimFile(runOrFile)
    : await findRun(workspace, runOrFile).then(
        (run) => run.capsim,
        (error: unknown) => {
          if (error instanceof MeshSimError && error.code === 'run-unfinished') return undefined;
          throw error;
        },
      );
  if (capsim === undefined) return unsealedLog(workspace, await simIdOf(workspace, runOrFile));
  const statement = await readStatement(workspace, capsim, runOrFile);
  const { result, plan, events } = statement.predicate.meshsim_evidence;
  const tail = new EventTail(runPaths(workspace.paths, result.simId).events, result.simId);
  const rows = await rowsOf(tail, plan, result.simId);
  if (tail.digest() === events.digest.sha256) return { simId: result.simId, rows, isSigned: true };
  throw new MeshSimError(
    'evidence-invalid',
    `The events of simulation ${result.simId} in this workspace are not those that were signed: nothing of them is shown.`,
  );
}

async function unsealedLog(workspace: Workspace, simId: string): Promise<RunLog> {
  const paths = runPaths(workspace.paths, simId);
  const plan = parsePlan(await readPlanFile(paths.plan), paths.plan);
  const rows = await rowsOf(new EventTail(paths.events, simId), plan, simId);
  return { simId, rows, isSigned: false };
}

async function rowsOf(tail: EventTail, plan: Plan, simId: string): Promise<LogRow[]> {
  const teller = LogTeller.of(plan);
  const rows: LogRow[] = [];
  const isThere = await tail.read((event: MeshEvent) => rows.push(...teller.rows(event)));
  if (isThere) return rows;
  throw eventsElsewhere(simId);
}
