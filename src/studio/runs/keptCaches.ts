import type { Workspace } from '../workspace/workspace.ts';
import { listBuildResults, pruneBuildResults, type KeptResult } from './buildResults.ts';
import { keptTools, removeTools, type KeptTools } from './toolCache.ts';

/** What builds leave for later ones: their results, and what the tools that built keep. */
export type Kept = KeptResult | KeptTools;

/** All that is kept of a workspace, what was used last first. */
export async function listKept(workspace: Workspace): Promise<Kept[]> {
  const tools = await keptTools(workspace);
  const results: Kept[] = await listBuildResults(workspace);
  return [...results, ...(tools === undefined ? [] : [tools])].sort(
    (one, other) => other.usedAt - one.usedAt,
  );
}

/**
 * Removes results until all that is kept is within the limit, those first that were used longest ago, and what tools keep only
 * where it is more than that by itself: without it they need the network again. Nothing that a run that goes on may use.
 * Resolves to what was removed.
 */
export async function pruneKept(workspace: Workspace, limitBytes: number): Promise<Kept[]> {
  const tools = await keptTools(workspace);
  const isTooMuch = tools !== undefined && tools.bytes > limitBytes;
  const removed = isTooMuch && (await removeTools(workspace, tools)) ? [tools] : [];
  const kept = removed.length > 0 ? 0 : (tools?.bytes ?? 0);
  return [...removed, ...(await pruneBuildResults(workspace, Math.max(0, limitBytes - kept)))];
}
