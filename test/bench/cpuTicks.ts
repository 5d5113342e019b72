import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of the whole machine since it started, in clock ticks of 10 ms, all cores together. */
export interface MachineTicks {
  readonly total: number;
  /** Without idle, waiting for disks, and stolen. */
  readonly busy: number;
  readonly stolen: number;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Undefined where there is no /proc. */
export function machineTicks(): MachineTicks | undefined {
  const line = readText('/proc/stat')?.split('\n', 1)[0];
  if (line === undefined) return undefined;
  // proc(5): user nice system idle iowait irq softirq steal
  const fields = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, iowait = 0, , , stolen = 0] = fields;
  const total = fields.reduce((sum, value) => sum + value, 0);
  return { total, busy: total - idle - iowait - stolen, stolen };
}

interface ProcessTicks {
  readonly pid: number;
  readonly parent: number;
  /** Its own, and those of its children that have ended. */
  readonly ticks: number;
}

function processTicks(pid: string): ProcessTicks | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in parentheses may hold anything; after it: state ppid … utime(14) stime cutime cstime
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  return { pid: Number(pid), parent, ticks };
}

/** CPU time of this process and all it has started, living or ended, in clock ticks; undefined where there is no /proc. */
export function familyTicks(): number | undefined {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  const all = names.flatMap((name) => processTicks(name) ?? []);
  const family = new Set([process.pid]);
  // A child can have a smaller id than its parent when ids wrap around: repeat until nobody joins.
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
}
