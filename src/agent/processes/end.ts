import type { Kin } from './kinship.ts';
import { readProcess } from './procfs.ts';

/** Between two looks at who is left. */
const PAUSE_MS = 20;

/** Sends a signal to each of them that is still the process it was. */
export function signalAll(kin: readonly Kin[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid, startedAt } of kin) {
    if (readProcess(pid)?.startedAt !== startedAt) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // Gone in between, or another user's.
    }
  }
}

/** Waits until `find` finds nobody, for at most `limitMs`; returns whom it found last. */
export async function untilGone<K extends Kin>(find: () => K[], limitMs: number): Promise<K[]> {
  const giveUpAt = Date.now() + limitMs;
  let found = find();
  while (found.length > 0 && Date.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    found = find();
  }
  return found;
}

/** Ends everybody `find` finds, and whom they start meanwhile, by force; returns who would not go within `limitMs`. */
export function endAll<K extends Kin>(find: () => K[], limitMs: number): Promise<K[]> {
  return untilGone(() => {
    const found = find();
    signalAll(found, 'SIGKILL');
    return found;
  }, limitMs);
}
