import { readFileSync } from 'node:fs';
import { commandOf } from '../../src/agent/processes/procfs.ts';

/** A relay that a door forked has the door's command line, and a name of its own. */
export function isRelay(pid: number): boolean {
  return nameOf(pid) === 'relay' || /^\S*(perl|python3) \S+ mesh0$/.test(commandOf(pid));
}

/** The door of a box that set it up by itself. */
export function isDoor(pid: number): boolean {
  return /^\S*perl \S*firstProcess\.pl /.test(commandOf(pid)) && !isRelay(pid);
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
