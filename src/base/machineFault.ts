import { statfsSync } from 'node:fs';
import { MeshSimError, messageOf, systemCode } from './errors.ts';

/** What is so, and what to do about it, by errno(3). */
type Faults = Readonly<Record<string, readonly [state: string, advice: string]>>;

/** What a disk says that takes nothing more. */
const DISK: Faults = {
  ENOSPC: ['is full', 'free some space and try again'],
  EDQUOT: ['has no room left for this user', 'free some of what the quota covers and try again'],
  EROFS: ['is read-only', 'make it writable and try again'],
  EIO: ['does not work', 'check the disk'],
  EFBIG: ['takes no file as long as that', 'raise the limit (ulimit -f) or use another disk'],
};

/** What a machine says that has nothing left to give. */
const SHORTAGE: Faults = {
  EMFILE: ['This process has as many files open as it may', 'raise the limit (ulimit -n)'],
  ENFILE: ['The programs of this machine have as many files open as they may', 'end some'],
  ENOMEM: ['This machine has no memory left', 'end some programs'],
  EAGAIN: ['This user may start no further process or thread', 'raise the limit (ulimit -u)'],
  ERR_WORKER_INIT_FAILED: ['This user may start no further thread', 'raise the limit (ulimit -u)'],
};

/** A write beyond the limit of a file's size ends a program without a word, unless it listens: then the write fails, with EFBIG. */
export function outliveFileSizeLimit(): void {
  process.on('SIGXFSZ', () => undefined);
}

export interface AttemptedWrite {
  /** A folder on the disk that was written to. */
  readonly folder: string;
  /** What was to be written. */
  readonly bytes?: number | undefined;
}

/**
 * The sentence for an error that is the machine's fault, whoever met it: a disk that takes nothing more (`disk-failed`), or
 * no files, processes or memory left to have (`machine-exhausted`). Undefined: it is anything else.
 */
export function machineFault(error: unknown, write?: AttemptedWrite): MeshSimError | undefined {
  const fault = faultIn(error);
  if (fault === undefined) return undefined;
  const { code, cause } = fault;
  const disk = DISK[code];
  if (disk !== undefined) {
    // Whoever wrapped it knew more of what was going on.
    if (error instanceof MeshSimError && error.code === 'disk-failed') return error;
    const [state, advice] = disk;
    const which = write === undefined ? 'The disk' : `The disk of ${write.folder}`;
    const text = `${which} ${state} (${[messageOf(cause), ...roomOf(write)].join('; ')}): ${advice}.`;
    return new MeshSimError('disk-failed', text, { cause: error });
  }
  const [state, advice] = SHORTAGE[code] ?? [];
  const text = `${state} (${messageOf(cause)}): ${advice} and try again.`;
  return new MeshSimError('machine-exhausted', text, { cause: error });
}

/** Whether nothing more can be written in this folder: what failed there may have failed over that. */
export function isDiskFull(folder: string): boolean {
  return freeBytes(folder) === 0;
}

/** The error itself or what caused it, when that is the machine's. */
function faultIn(error: unknown): { code: string; cause: Error } | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = systemCode(cause) ?? '';
    if (code in DISK || (code in SHORTAGE && !isBusySocket(code, cause))) return { code, cause };
  }
  return undefined;
}

/** EAGAIN says of everything but the start of a process that it is to be tried again. */
function isBusySocket(code: string, error: Error): boolean {
  const call = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : '';
  const isStart = /^(spawn|fork|uv_thread)/.test(call) || error.message.includes('spawn');
  return code === 'EAGAIN' && !isStart;
}

function roomOf(write: AttemptedWrite | undefined): string[] {
  if (write === undefined) return [];
  const free = freeBytes(write.folder);
  return [
    ...(write.bytes === undefined ? [] : [`${write.bytes} bytes were to be written`]),
    ...(free === undefined ? [] : [`${free} bytes are free`]),
  ];
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
