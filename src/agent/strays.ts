import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Processes that work inside `folder`: what a service started and then detached from its process group still has its
 * working directory there. Linux only; elsewhere nobody is found. A process that also left the folder is not found.
 */
export function processesInside(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  const inside = folder + path.sep;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const cwd = workingFolder(pid);
      return cwd === folder || cwd.startsWith(inside);
    });
}

function workingFolder(pid: number): string {
  try {
    // A folder that was removed under its process reads as "/path (deleted)".
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
  } catch {
    return '';
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
