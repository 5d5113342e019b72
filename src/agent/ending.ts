import type { NodeProcesses } from './nodeProcesses.ts';

/**
 * Ends this agent and everything it started, at once. The agent leads its own process group, and services stay in it;
 * those that left it are looked for when `processes` is given.
 */
export function endWithEverything(processes: NodeProcesses | undefined): never {
  processes?.endNow();
  if (process.platform !== 'win32') {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      // It leads no group: it was started by hand.
    }
  }
  process.exit(1);
}
