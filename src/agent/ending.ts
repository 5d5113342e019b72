import { killProcess, processesInside } from './strays.ts';

/**
 * Ends this agent and everything it started, at once. The agent leads its own process group, and services stay in it;
 * one that left the group is found by its working folder.
 */
export function endWithEverything(nodeFolder: string | undefined): never {
  if (nodeFolder !== undefined) {
    for (const pid of processesInside(nodeFolder)) killProcess(pid);
  }
  if (process.platform !== 'win32') {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      // It leads no group: it was started by hand.
    }
  }
  process.exit(1);
}
