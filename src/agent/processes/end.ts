import type { Kin } from './kinship.ts';
import { descendantsOf } from './processTree.ts';
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

type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** Sends a signal to each of them that is still the process it was. */
export function signalAll(kin: readonly Kin[], signal: Signal): void {
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

/**
 * Looks until nobody is found, and nobody was missed, for at most `limitMs`; returns what it saw last. Each look reads all
 * of /proc: it is not worth one before one of those it found has gone.
 */
export function untilGone<K extends Kin>(look: () => Look<K>, limitMs: number): Promise<Look<K>> {
  return untilNobody(look, limitMs, async ({ found }, giveUpAt) => {
    do await pause();
    while (found.length > 0 && found.every(isAlive) && Date.now() < giveUpAt);
  });
}

async function untilNobody<K extends Kin>(
  look: () => Look<K>,
  limitMs: number,
  between: (seen: Look<K>, giveUpAt: number) => Promise<void>,
): Promise<Look<K>> {
  const giveUpAt = Date.now() + limitMs;
  let doubts = 0;
  for (;;) {
    const seen = look();
    doubts = seen.found.length === 0 ? doubts + 1 : 0;
    const isOver = seen.found.length === 0 && (seen.missed === 0 || doubts > MAX_DOUBTS);
    if (isOver || Date.now() >= giveUpAt) return seen;
    await between(seen, giveUpAt);
  }
}

function isAlive({ pid, startedAt }: Kin): boolean {
  const entry = readProcess(pid);
  return entry?.startedAt === startedAt && !entry.isOver;
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

/**
 * Ends a process and all that descends from it, where there is no /proc to look in: SIGTERM to each at once, SIGKILL to whoever
 * is left after `graceMs`. Whose parent had ended before is not found.
 */
export async function endTree(root: number, graceMs: number): Promise<void> {
  const members = new Set([root, ...descendantsOf(root)]);
  const living = () => [...members].filter((pid) => send(pid, 0));
  for (const pid of members) send(pid, 'SIGTERM');
  const giveUpAt = Date.now() + graceMs;
  while (living().length > 0 && Date.now() < giveUpAt) await pause();
  for (const pid of living()) {
    for (const one of [pid, ...descendantsOf(pid)]) {
      members.add(one);
      send(one, 'SIGKILL');
    }
  }
  const end = Date.now() + KILLED_MS;
  while (living().length > 0 && Date.now() < end) await pause();
}

/** Sends a signal to a process and all that descends from it, where there is no /proc to look in; returns how many got it. */
export function signalTree(root: number, signal: Signal): number {
  return [root, ...descendantsOf(root)].filter((pid) => send(pid, signal)).length;
}

/** Stops everybody `look` finds, and whom they start meanwhile: once stopped, nobody starts anything. Resolves to how many. */
export async function stopAll<K extends Kin>(
  look: () => Look<K>,
  limitMs: number,
): Promise<number> {
  const stopped = new Set<string>();
  const keyOf = ({ pid, startedAt }: K) => `${pid} ${startedAt}`;
  const stopOthers = () => {
    const { found, missed } = look();
    const running = found.filter((kin) => !stopped.has(keyOf(kin)));
    signalAll(running, 'SIGSTOP');
    for (const kin of running) stopped.add(keyOf(kin));
    return { found: running, missed };
  };
  await untilNobody(stopOthers, limitMs, pause);
  return stopped.size;
}

/** A killed process stays in the process table until its parent has asked how it ended. */
const KILLED_MS = 1_000;

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** False when it is gone, or another user's. A negative number is a group. */
function send(pid: number, signal: 0 | Signal): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // Gone.
    return false;
  }
}
