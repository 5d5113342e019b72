import path from 'node:path';
import { mebibytes } from './quantity.ts';
import { textIfThere } from './regularFile.ts';

/** As Linux shows a container its own control group (cgroups(7), memory.events and memory.max of v2, memory.oom_control of v1). */
const GROUPS = [
  { events: 'memory.events', limit: 'memory.max' },
  { events: 'memory/memory.oom_control', limit: 'memory/memory.limit_in_bytes' },
] as const;
const CONTROL_GROUPS = '/sys/fs/cgroup';
/** A limit above it is none: v1 says 2^63 less a page. */
const NO_LIMIT = 2 ** 60;

interface Kills {
  /** Programs that were ended since the group was made. */
  readonly count: number;
  readonly limitBytes: number;
}

/** Tells which programs were ended because they and their like had reached the limit of memory that holds for all of them. */
export class MemoryLimit {
  readonly #root: string;
  #seen: number;

  /** @param root where control groups are shown */
  constructor(root = CONTROL_GROUPS) {
    this.#root = root;
    this.#seen = killsIn(root)?.count ?? 0;
  }

  /** To be asked when a program was ended by SIGKILL: whether that was why, a clause such as "its limit of memory is 96.0 MiB"; undefined: nothing says so. */
  whyEnded(): string | undefined {
    const kills = killsIn(this.#root);
    if (kills === undefined || kills.count <= this.#seen) return undefined;
    this.#seen = kills.count;
    return `the limit of memory there is ${mebibytes(kills.limitBytes)}`;
  }
}

/** Undefined: there is no limit here, or nobody counts. */
function killsIn(root: string): Kills | undefined {
  for (const { events, limit } of GROUPS) {
    const [, count] = /^oom_kill (\d+)$/m.exec(textIfThere(path.join(root, events))) ?? [];
    const limitBytes = Number.parseInt(textIfThere(path.join(root, limit)), 10);
    if (count !== undefined && limitBytes < NO_LIMIT) return { count: Number(count), limitBytes };
  }
  return undefined;
}
