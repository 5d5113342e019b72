import type { Kin } from './kinship.ts';
import { readProcess } from './procfs.ts';

/** Between two looks at who is left. */
const PAUSE_MS = 20;

/** This often, somebody was missed and nobody found: on a busy machine programs of others come and go all the time. */
const MAX_DOUBTS = 10;

/** What one look came to. */
export interface Look<K extends Kin> {
  readonly found: readonly K[];
  /** Processes that had ended before they could be looked at: they may have handed on to others that were not seen. */
  readonly missed: number;
}

/** Sends a signal to each of them that is still the process it was. */
export function signalAll(kin: readonly Kin[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid, startedAt } of kin) {
    if (readProcess(pid)?.startedAt === startedAt) send(pid, signal);
  }
}

/** Whoever forks and ends at once is gone before it is hit, but the system hits all of a group in one. */
function endGroupsOf(kin: readonly Kin[]): void {
  const own = readProcess(process.pid)?.group;
  const groups = new Set(kin.flatMap(({ ownGroup = own }) => ownGroup));
  for (const group of groups) if (group !== undefined && group !== own) send(-group, 'SIGKILL');
}

function send(target: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(target, signal);
  } catch {
    // Gone in between, or another user's.
  }
}

/** Looks until nobody is found, and nobody was missed, for at most `limitMs`; returns what it saw last. */
export async function untilGone<K extends Kin>(
  look: () => Look<K>,
  limitMs: number,
): Promise<Look<K>> {
  const giveUpAt = Date.now() + limitMs;
  let doubts = 0;
  for (;;) {
    const seen = look();
    doubts = seen.found.length === 0 ? doubts + 1 : 0;
    const isOver = seen.found.length === 0 && (seen.missed === 0 || doubts > MAX_DOUBTS);
    if (isOver || Date.now() >= giveUpAt) return seen;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/**
 * Ends everybody `look` finds, and whom they start meanwhile, by force; returns who would not go within `limitMs`.
 * `onFound` hears of each of them once, before it is ended.
 */
export function endAll<K extends Kin>(
  look: () => Look<K>,
  limitMs: number,
  onFound?: (kin: K) => void,
): Promise<Look<K>> {
  const told = new Set<string>();
  return untilGone(() => {
    const seen = look();
    for (const kin of seen.found) {
      const key = `${kin.pid} ${kin.startedAt}`;
      if (!told.has(key)) onFound?.(kin);
      told.add(key);
    }
    endGroupsOf(seen.found);
    signalAll(seen.found, 'SIGKILL');
    return seen;
  }, limitMs);
}
