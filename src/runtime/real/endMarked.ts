import { endAll } from '../../agent/processes/end.ts';
import { processIds, readProcess } from '../../agent/processes/procfs.ts';
import { markOf } from '../../agent/processes/runMark.ts';

const KILL_LIMIT_MS = 1_000;

/**
 * Ends what services of a run left running whose orchestrator is gone, by the mark in their environment and by nothing else.
 * `nodeId`: of that node alone. An agent ends as soon as its orchestrator is gone: where one lives, so does the run.
 */
export async function endMarked(simId: string, nodeId?: string): Promise<'ended' | 'run-lives'> {
  const look = () => marked(simId, nodeId);
  if (look().found.some(({ service }) => service === undefined)) return 'run-lives';
  const { found } = await endAll(look, KILL_LIMIT_MS);
  return found.length === 0 ? 'ended' : 'run-lives';
}

function marked(simId: string, nodeId: string | undefined) {
  let missed = 0;
  const found = processIds().flatMap((pid) => {
    const mark = markOf(pid);
    const entry = readProcess(pid);
    if (entry === undefined || (mark === 'changing' && !entry.isOver)) missed += 1;
    if (typeof mark === 'string' || mark.simId !== simId) return [];
    if (nodeId !== undefined && mark.nodeId !== nodeId) return [];
    if (entry === undefined || entry.isOver) return [];
    return [{ ...mark, pid, startedAt: entry.startedAt, way: 'environment' as const }];
  });
  return { found, missed };
}
