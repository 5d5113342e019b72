import { readdirSync } from 'node:fs';
import path from 'node:path';
import { processIds, readProcess, workingFolder } from '../../src/agent/processes/procfs.ts';
import { markOf } from '../../src/agent/processes/runMark.ts';

/**
 * Processes that work in this folder, and those of runs of a workspace that is it, or is or lies in it: their nodes live in
 * the user's cache, and are known by the mark of the run. Linux only; elsewhere
 * none is found.
 */
export function processesInside(folder: string): number[] {
  const runs = runsIn(folder);
  return processIds().filter((pid) => {
    const cwd = workingFolder(pid);
    const isInside = cwd === folder || cwd.startsWith(folder + path.sep);
    return pid !== process.pid && (isInside || runs.has(simIdOf(pid)));
  });
}

function simIdOf(pid: number): string {
  const mark = markOf(pid);
  return typeof mark === 'string' || readProcess(pid)?.isOver !== false ? '' : mark.simId;
}

/** A run's own folder, a workspace's `.meshsim`, a workspace, or a folder that holds some. */
function runsIn(folder: string): Set<string> {
  const places = [
    path.join(folder, 'runs'),
    ...namesIn(folder).map((name) => path.join(folder, name, 'runs')),
  ];
  const deeper = namesIn(folder).map((name) => path.join(folder, name, '.meshsim', 'runs'));
  const simIds = [...places, ...deeper].flatMap(namesIn);
  return new Set([path.basename(folder), ...simIds].filter((name) => /^[0-9a-f-]{36}$/.test(name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Ends a process by force; false when it was gone already. */
export function killProcess(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
