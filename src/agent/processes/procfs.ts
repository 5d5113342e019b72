import {
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { machineFault } from '../../base/machineFault.ts';

/**
 * Every function of this file throws the system's error when this program has no files or memory left to look with.
 */

/** One process as proc_pid_stat(5) shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since the machine began: with the pid, it names a process for ever. */
  readonly startedAt: number;
  /** It has ended, though its parent has not asked how; or it is a thread of the kernel. */
  readonly isOver: boolean;
  /** Processor time all its threads have used, in clock ticks. */
  readonly ticks: number;
}

/** PF_KTHREAD of the kernel's `flags`. */
const KERNEL_THREAD = 0x0020_0000;

/** All process ids that /proc shows; none elsewhere than on Linux. */
export function processIds(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** Undefined: there is no such process (any more). */
export function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The program's name stands in brackets, and may hold some itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20) return undefined;
  const [state = '', ...rest] = fields;
  const field = (place: number) => Number(rest[place]);
  // A process whose first thread has ended goes on while it has others.
  const hasEnded = /^[ZXx]$/.test(state) && field(16) <= 1;
  return {
    pid,
    parent: field(0),
    group: field(1),
    session: field(2),
    startedAt: field(18),
    isOver: hasEnded || (field(5) & KERNEL_THREAD) !== 0,
    ticks: field(10) + field(11),
  };
}

/** Whether any thread of a process runs, or wants to, or waits for a disk, at this moment. */
export function isBusy(pid: number): boolean {
  return threadsOf(pid).some((thread) => {
    const stat = readText(`/proc/${pid}/task/${thread}/stat`);
    return /^[RD]$/.test(stat.charAt(stat.lastIndexOf(')') + 2));
  });
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    throwFaults(error);
    return [];
  }
}

/**
 * The environment a process was started with; a process may have written over it. `closed`: it may not be read.
 * `changing`: it begins, ends, or another program takes its place, at this very moment: there is neither environment nor
 * command line for an instant.
 */
export function environmentOf(pid: number): string[] | 'closed' | 'changing' {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
    if (text !== '') return text.split('\0');
    if (readText(`/proc/${pid}/cmdline`) === '') return 'changing';
    // It may have begun only after the first look.
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch (error) {
    throwFaults(error);
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'closed' : 'changing';
  }
}

/** Its children at this moment; none where the kernel does not tell (CONFIG_PROC_CHILDREN). */
export function childrenOf(pid: number): number[] {
  return readText(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/**
 * Sets how nice all that is in the session of a process is to other sessions (sched(7), autogroup).
 * @throws Error with the system's code: EAGAIN when any session was changed a moment ago, ENOENT where there are no such groups
 */
export function setSessionNiceness(pid: number, niceness: number): void {
  writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
}

/** The folder it works in; empty: it may not be read. */
export function workingFolder(pid: number): string {
  try {
    // A folder that was removed under its process reads as "/path (deleted)".
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
  } catch (error) {
    throwFaults(error);
    return '';
  }
}

/** Names a network namespace while it exists; empty: it may not be read. */
export function networkOf(pid: number | 'self'): string {
  try {
    return nameOf(statSync(`/proc/${pid}/ns/net`));
  } catch (error) {
    throwFaults(error);
    return '';
  }
}

/** The network namespace of a process, kept in being: its name cannot become another's before `descriptor` is closed. */
export function holdNetworkOf(pid: number): { descriptor: number; name: string } | undefined {
  try {
    const descriptor = openSync(`/proc/${pid}/ns/net`, 'r');
    return { descriptor, name: nameOf(fstatSync(descriptor)) };
  } catch (error) {
    throwFaults(error);
    return undefined;
  }
}

function nameOf({ dev, ino }: { dev: number; ino: number }): string {
  return `${dev}:${ino}`;
}

/** Program and arguments with spaces between them, or the kernel's short name of the process. */
export function commandOf(pid: number): string {
  const line = readText(`/proc/${pid}/cmdline`).replace(/\0+$/, '').replaceAll('\0', ' ').trim();
  return line === '' ? readText(`/proc/${pid}/comm`).trim() : line;
}

/** What this process may have at most (proc_pid_limits(5)), such as "Max open files"; undefined: no limit, or none that the system tells. */
export function hardLimit(name: string): number | undefined {
  const limits = readText('/proc/self/limits');
  const hard = new RegExp(`^${name} +\\S+ +(\\d+)`, 'm').exec(limits)?.[1];
  return hard === undefined ? undefined : Number(hard);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throwFaults(error);
    return '';
  }
}

/** A machine that cannot open another file says nothing about a process: that is not to be taken for its absence. */
function throwFaults(error: unknown): void {
  if (machineFault(error) !== undefined) throw error;
}
