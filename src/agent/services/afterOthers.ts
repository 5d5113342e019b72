import { systemCode } from '../../base/errors.ts';
import { setSessionNiceness } from '../processes/procfs.ts';
import { systemProgram, type ResolvedCommand } from './program.ts';

/** Of nice(1): what a run measures is the network, so its emulator and its nodes come first when all cores are busy. */
const NICENESS = 5;

/** For whoever is not root, the kernel takes one change of any session in a tenth of a second. */
const AGAIN_MS = 110;
const TRIES = 10;

/** How to execute a program so that its node does not wait for it; where there is no nice(1), as it is. */
export function afterOthers({ file, args }: Pick<ResolvedCommand, 'file' | 'args'>) {
  const nice = process.platform === 'win32' ? undefined : systemProgram('nice');
  if (nice === undefined) return { file, args };
  return { file: nice, args: ['-n', String(NICENESS), file, ...args] };
}

/**
 * The same of all that is in the session which this process leads: where Linux shares processor time between sessions (sched(7), "The
 * autogroup feature"), niceness counts only within one, and a service would come before the emulator as often as after it.
 */
export function sessionAfterOthers(leader: number, tries = TRIES): void {
  if (process.platform !== 'linux') return;
  try {
    setSessionNiceness(leader, NICENESS);
  } catch (error) {
    // Any other error: the kernel has no such groups, or the session is over.
    if (systemCode(error) !== 'EAGAIN' || tries <= 1) return;
    setTimeout(() => sessionAfterOthers(leader, tries - 1), AGAIN_MS).unref();
  }
}
