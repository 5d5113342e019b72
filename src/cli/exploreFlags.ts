import { MeshSimError } from '../base/errors.ts';
import type { ExploreFlags } from './commands/explore.ts';

const MS_PER_MINUTE = 60_000;
/** More than anybody waits for, and few enough to be counted. */
const MOST_RUNS = 1_000_000;
/** Real runs take seconds each, virtual ones milliseconds. */
const RUNS = { real: 20, virtual: 1_000 };
const SHRINK_RUNS = { real: 30, virtual: 1_000 };

/** How far an exploration goes. What is not said depends on the world. */
export interface ExploreLimits {
  readonly runs: (isVirtual: boolean) => number;
  readonly shrinkRuns: (isVirtual: boolean) => number;
  /** No run begins after so many ms; Infinity: there is no such limit. */
  readonly forMs: number;
}

/** @throws MeshSimError `usage` naming the flag and what it takes */
export function exploreLimits(flags: ExploreFlags): ExploreLimits {
  const { runs, minutes, shrinkRuns } = flags;
  const most = countFlag('--runs', runs, 1);
  const mostShrinking = countFlag('--shrink-runs', shrinkRuns, 0);
  return {
    runs: (isVirtual) => most ?? (isVirtual ? RUNS.virtual : RUNS.real),
    shrinkRuns: (isVirtual) =>
      mostShrinking ?? (isVirtual ? SHRINK_RUNS.virtual : SHRINK_RUNS.real),
    forMs: minutesFlag(minutes),
  };
}

function countFlag(flag: string, value: string | undefined, min: number): number | undefined {
  if (value === undefined) return undefined;
  const count = /^\d+$/.test(value) ? Number(value) : -1;
  if (count >= min && count <= MOST_RUNS) return count;
  throw new MeshSimError(
    'usage',
    `${flag} ${value}: expected a whole number from ${min} to ${MOST_RUNS}.`,
  );
}

function minutesFlag(value: string | undefined): number {
  if (value === undefined) return Infinity;
  const minutes = value.trim() === '' ? 0 : Number(value);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes * MS_PER_MINUTE;
  throw new MeshSimError(
    'usage',
    `--minutes ${value}: expected a number of minutes above 0, such as 30.`,
  );
}
