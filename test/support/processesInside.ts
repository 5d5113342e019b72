import path from 'node:path';
import { processIds, workingFolder } from '../../src/agent/processes/procfs.ts';

/** Processes that work inside `folder`, by id. Linux only; elsewhere none is found. */
export function processesInside(folder: string): number[] {
  return processIds().filter((pid) => {
    const cwd = workingFolder(pid);
    return pid !== process.pid && (cwd === folder || cwd.startsWith(folder + path.sep));
  });
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
