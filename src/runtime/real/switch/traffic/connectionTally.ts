import { CONNECTION_STATUSES, type ConnectionStatus } from '../../../../model/connectionStatus.ts';
import type { Connections } from '../../../../model/events.ts';
import { usedNames, type TargetNames } from './targetNames.ts';

/** So many entries at once; others wait for the next time, and add up meanwhile. */
const MOST_ENTRIES = 16;
/** The median of more round trips of one interval tells nothing more. */
const MOST_TIMES = 256;

interface Entry {
  readonly link: number;
  readonly target: number;
  readonly status: number;
  readonly seen: number;
  count: number;
  readonly times: number[];
}

/** Adds up what connections came to, by client, server, target and status. */
export class ConnectionTally {
  readonly #names: TargetNames;
  readonly #entries = new Map<string, Entry>();

  constructor(names: TargetNames) {
    this.#names = names;
  }

  /** @param link client · nodes + server @param at ms since the run began */
  add(link: number, target: number, status: ConnectionStatus, at: number, rttMs?: number): void {
    const key = `${link} ${target} ${status}`;
    const fresh = { link, target, status: CONNECTION_STATUSES.indexOf(status), seen: at, count: 0 };
    const entry = this.#entries.get(key) ?? { ...fresh, times: [] };
    entry.count += 1;
    if (rttMs !== undefined && entry.times.length < MOST_TIMES) entry.times.push(rttMs);
    this.#entries.set(key, entry);
  }

  /** The oldest entries; null when there are none. */
  take(unfollowed: number, most = MOST_ENTRIES): Connections | null {
    const taken = [...this.#entries].slice(0, most);
    if (taken.length === 0 && unfollowed === 0) return null;
    for (const [key] of taken) this.#entries.delete(key);
    const entries = taken.map(([, entry]) => entry);
    return {
      ...usedNames(
        this.#names,
        entries.map(({ target }) => target),
      ),
      link: entries.map(({ link }) => link),
      status: entries.map(({ status }) => status),
      seen: entries.map(({ seen }) => toMicros(seen)),
      count: entries.map(({ count }) => count),
      rttMs: entries.map(({ times }) => median(times)),
      ...(unfollowed === 0 ? {} : { unfollowed }),
    };
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }
}

function median(times: number[]): number {
  const sorted = times.sort((left, right) => left - right);
  const middle = sorted[(sorted.length - 1) >>> 1];
  return middle === undefined ? -1 : toMicros(middle);
}

function toMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
