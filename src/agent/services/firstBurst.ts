import { childrenOf, isBusy, readProcess } from '../processes/procfs.ts';

/** Several looks at an idle program cost less than a tenth of a millisecond. */
const LOOK_MS = 25;

/** A program that rests this many looks in a row waits for something: its ports, a database, or to be asked. */
const CALM_LOOKS = 2;

/** Where nothing shows what a program does, its first work is taken for over after this long. */
const LONGEST_MS = 5_000;

/** A program that has used as much processor time computes by nature, and will not rest. In clock ticks of 10 ms. */
const LONGEST_TICKS = 500;

/**
 * Resolves when a program that has just been started, with all it has started itself, has done its first work: it used no
 * processor time for a while and does not wait for any. At the latest after LONGEST_TICKS or `longestMs`, and where there
 * is no /proc after LONGEST_MS; or when `signal` says that nobody waits any more.
 */
export async function firstBurstOver(
  pid: number,
  signal: AbortSignal,
  longestMs = LONGEST_MS,
): Promise<void> {
  const limitMs = process.platform === 'linux' ? longestMs : Math.min(longestMs, LONGEST_MS);
  const giveUpAt = performance.now() + limitMs;
  let calm = 0;
  let before = -1;
  while (
    calm < CALM_LOOKS &&
    before < LONGEST_TICKS &&
    !signal.aborted &&
    performance.now() < giveUpAt
  ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const seen = lookAt(pid);
    if (seen === undefined) continue;
    // On a busy machine a thread may wait for a processor while the first one waits for it.
    const isCalm = seen.ticks === before && !seen.pids.some(isBusy);
    calm = isCalm ? calm + 1 : 0;
    before = seen.ticks;
  }
}

/** Clock ticks used so far by these processes, which are all it has started and itself. Undefined: nothing is known. */
function lookAt(root: number): { readonly ticks: number; readonly pids: number[] } | undefined {
  if (process.platform !== 'linux') return undefined;
  let ticks = 0;
  const pids = [root];
  for (const pid of pids) {
    ticks += readProcess(pid)?.ticks ?? 0;
    pids.push(...childrenOf(pid));
  }
  return { ticks, pids };
}
