import os from 'node:os';
import { systemCode } from '../../base/errors.ts';
import { systemProgram, type ResolvedCommand } from '../services/program.ts';
import { readProcess, setSessionNiceness } from './procfs.ts';

/**
 * Who comes first when all cores are busy. What a run measures is the network: first its emulator, then its nodes, then what they run.
 * Linux may share processor time between sessions (sched(7), "The autogroup feature"), and niceness then counts within one only. So each
 * of these leads a session of its own, and its session is set as well.
 */

/** Of nice(1): of two that want a core, the one that is 5 lower gets about three times as much, at 10 nine times. */
const OF_SERVICES = 5;
const OF_NODES = 10;
const { PRIORITY_HIGHEST, PRIORITY_LOW } = os.constants.priority;

/** For whoever is not root, the kernel takes one change of any session in a tenth of a second; ten nodes may want one at once. */
const AGAIN_MS = 110;
const TRIES = 50;

/**
 * Puts the session that this process leads before all others of the machine, where that is allowed; false: it is not, and the others of
 * the run are to step back.
 */
export function comesFirst(leader: number): boolean {
  try {
    os.setPriority(leader, PRIORITY_HIGHEST);
  } catch {
    return false;
  }
  setSession(leader, PRIORITY_HIGHEST);
  return true;
}

/** Puts the session that this process leads after those that nobody has set. */
export function stepsBack(leader: number): void {
  const later = laterBy(OF_NODES);
  try {
    os.setPriority(leader, later);
  } catch {
    // It has just ended.
  }
  setSession(leader, later);
}

/** The same of a session whose leader lowers itself, by `afterOthers`. */
export function sessionAfterOthers(leader: number): void {
  setSession(leader, laterBy(OF_SERVICES));
}

/** How to execute a program so that its node does not wait for it; where there is no nice(1), as it is. */
export function afterOthers({ file, args }: Pick<ResolvedCommand, 'file' | 'args'>) {
  const nice = process.platform === 'win32' ? undefined : systemProgram('nice');
  if (nice === undefined) return { file, args };
  return { file: nice, args: ['-n', String(OF_SERVICES), file, ...args] };
}

function laterBy(niceness: number): number {
  return Math.min(os.getPriority() + niceness, PRIORITY_LOW);
}

function setSession(leader: number, niceness: number, tries = TRIES): void {
  if (process.platform !== 'linux') return;
  try {
    setSessionNiceness(leader, niceness);
  } catch (error) {
    // Any other error: the kernel has no such groups, this user may not, or the session is over.
    if (systemCode(error) !== 'EAGAIN' || tries <= 1) return;
    setTimeout(() => setSession(leader, niceness, tries - 1), AGAIN_MS).unref();
  }
}

/** Of this process, where it carries packets beside nodes that it starts itself. */
export class OwnPrecedence {
  readonly #before = os.getPriority();
  #isFirst = false;

  /** From now on it comes first, where that is allowed, and where it leads a session: no other program is put first with it. */
  take(): void {
    const leads = process.platform === 'linux' && readProcess(process.pid)?.session === process.pid;
    this.#isFirst = leads && comesFirst(process.pid);
  }

  /**
   * Starts a node, which comes after this process: what is started has the priority of whoever starts it.
   * @param start starts it before it returns; true: this process cannot come first, and the node is to step back
   */
  startAfter<T>(start: (stepsBack: boolean) => T): T {
    if (!this.#isFirst) return start(true);
    os.setPriority(this.#before);
    try {
      return start(false);
    } finally {
      os.setPriority(PRIORITY_HIGHEST);
    }
  }
}
