import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import type { StreamEnd } from '../model/api.ts';
import { eventSchema } from '../model/events.ts';
import { simIdSchema } from '../model/names.ts';
import { parsePlan } from './planFile.ts';
import { RunBuffer } from './runBuffer.ts';
import type { Workspace } from './workspace.ts';
import { runPaths } from './workspacePaths.ts';

/**
 * The events of a run that ended earlier, or ran in another process, from its run folder.
 * @throws MeshSimError `run-unknown` when this workspace holds no events of it
 */
export async function readRecordedBuffer(workspace: Workspace, simId: string): Promise<RunBuffer> {
  if (!simIdSchema.safeParse(simId).success) throw unknownRun(simId);
  const paths = runPaths(workspace.paths, simId);
  try {
    const plan = parsePlan(JSON.parse(await readFile(paths.plan, 'utf8')), paths.plan);
    const buffer = new RunBuffer({ simId, plan, product: workspace.options.product });
    for await (const line of createInterface({ input: createReadStream(paths.events) })) {
      buffer.push(eventSchema.parse(JSON.parse(line)));
    }
    buffer.finish(await endOf(workspace, simId));
    return buffer;
  } catch (error) {
    if (error instanceof MeshSimError) throw error;
    if (systemCode(error) === 'ENOENT') throw unknownRun(simId);
    throw new MeshSimError(
      'run-unfinished',
      `The events of simulation ${simId} cannot be read (${messageOf(error)}): it may still be running in another process.`,
      { cause: error },
    );
  }
}

function unknownRun(simId: string): MeshSimError {
  return new MeshSimError('run-unknown', `No events of simulation "${simId}" in this workspace.`);
}

async function endOf(workspace: Workspace, simId: string): Promise<StreamEnd> {
  const rows = workspace.hasLedger() ? (await workspace.index()).rowsOfRun(simId) : [];
  const row = rows.find(({ kind }) => kind === 'sim-result');
  if (row === undefined) {
    return { simId, outcome: 'cancelled', sentence: 'It was started and never sealed.' };
  }
  const ledger = await workspace.ledger();
  const [found] = await ledger.entries(row.index);
  const passed = found?.entry.kind === 'sim-result' && found.entry.outcome === 'pass';
  return {
    simId,
    outcome: passed ? 'pass' : 'fail',
    sentence: passed ? 'The run passed and is sealed.' : 'The run failed and is sealed.',
    runId: row.leafHash,
  };
}
