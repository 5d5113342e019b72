import { killProcess, processesInside } from '../../agent/strays.ts';

/** A killed process stays in the process table for an instant. */
const SETTLE_MS = 1_000;
const PAUSE_MS = 20;

/**
 * After the agents' groups were killed: finds what is still at work inside the run folder, ends it, and says what it
 * was. Only Linux tells where a process works; elsewhere nothing is found.
 */
export async function endLeftovers(runFolder: string): Promise<string[]> {
  let found = processesInside(runFolder);
  const giveUpAt = Date.now() + SETTLE_MS;
  while (found.length > 0 && Date.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    found = processesInside(runFolder);
  }
  for (const pid of found) killProcess(pid);
  return found.map((pid) => `process ${pid}`);
}
