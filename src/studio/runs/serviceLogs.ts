import { setTimeout as delay } from 'node:timers/promises';
import type { MeshEvent } from '../../model/events.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';
import { eventsElsewhere, EventTail } from './eventTail.ts';
import { isUnderWay } from './runLock.ts';
import { simIdOf } from './runs.ts';

/** A person sees lines as they come. */
const FOLLOW_MS = 200;

export type LogLine = Extract<MeshEvent, { type: 'log' }>;

export interface LogRequest {
  /** A unique prefix of the simId. */
  readonly run: string;
  /** Left out: of all nodes. */
  readonly nodeId?: string | undefined;
  /** Left out: of all services, and of the nodes themselves. */
  readonly service?: string | undefined;
  /** Goes on until the run is over, or `signal` aborts. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/**
 * What services of a run said, in the order in which it was recorded.
 * @returns how many lines fitted
 * @throws MeshSimError `run-unknown`, `usage` for an ambiguous prefix, `evidence-invalid` for events that were altered
 */
export async function readServiceLogs(
  workspace: Workspace,
  { run, nodeId, service, follow, signal }: LogRequest,
  onLine: (line: LogLine) => void,
): Promise<number> {
  const simId = await simIdOf(workspace, run);
  const paths = runPaths(workspace.paths, simId);
  const tail = new EventTail(paths.events, simId);
  let lines = 0;
  const take = (event: MeshEvent): void => {
    if (event.type !== 'log') return;
    if (nodeId !== undefined && event.nodeId !== nodeId) return;
    if (service !== undefined && event.service !== service) return;
    lines += 1;
    onLine(event);
  };
  for (;;) {
    // Asked before reading: what a run writes while it ends is read all the same.
    const isLive = await isUnderWay(paths);
    const hasEvents = await tail.read(take);
    if (!follow || !isLive || signal.aborted) {
      if (!hasEvents && !isLive) throw eventsElsewhere(simId);
      return lines;
    }
    await delay(FOLLOW_MS, undefined, { signal }).catch(() => undefined);
  }
}
