import path from 'node:path';
import { systemProgram } from '../services/program.ts';

/** Executes the door of a box. */
export interface DoorProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** What it is started from where it is to set its box up before (firstProcess.pl), with the numbers of the calls; left out: that takes others. */
  readonly firstProcess?: readonly string[];
}

/** Of machines that have the calls by the same numbers. */
const GENERIC = [211, 40, 91, 167] as const;

/**
 * sendmsg(2), mount(2), capset(2) and prctl(2), by what Node.js calls the machine, where records have 64 bits (asm/unistd.h,
 * asm-generic/unistd.h).
 */
const CALLS: Partial<Record<NodeJS.Architecture, readonly number[]>> = {
  x64: [46, 165, 126, 157],
  arm64: GENERIC,
  loong64: GENERIC,
  riscv64: GENERIC,
  ppc64: [341, 21, 184, 171],
  s390x: [370, 21, 185, 172],
};

/** How doors can be executed here, best first. @param bundle door.cjs; door.pl, relay.pl and firstProcess.pl lie beside it */
export function doorPrograms(bundle: string): readonly [DoorProgram, ...DoorProgram[]] {
  const ofNode = { file: process.execPath, args: [bundle] };
  const perl = systemProgram('perl');
  const calls = CALLS[process.arch];
  if (perl === undefined || calls === undefined) return [ofNode];
  const inFolder = (name: string) => path.join(path.dirname(bundle), name);
  const door = inFolder('door.pl');
  const numbers = calls.map(String);
  return [
    {
      file: perl,
      args: [door, ...numbers.slice(0, 1)],
      firstProcess: [inFolder('firstProcess.pl'), door, inFolder('relay.pl'), ...numbers],
    },
    ofNode,
  ];
}
