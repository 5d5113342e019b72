import path from 'node:path';
import { systemProgram } from '../services/program.ts';

/** Executes the door of a box. */
export interface DoorProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** What it is started from where it is to set its box up before (firstProcess.pl), with the numbers of the calls; left out: that takes others. */
  readonly firstProcess?: readonly string[];
}

/** sendmsg(2) and mount(2), by what Node.js calls the machine, where records have 64 bits (asm/unistd.h, asm-generic/unistd.h). */
const CALLS: Partial<Record<NodeJS.Architecture, readonly [sendmsg: number, mount: number]>> = {
  x64: [46, 165],
  arm64: [211, 40],
  loong64: [211, 40],
  riscv64: [211, 40],
  ppc64: [341, 21],
  s390x: [370, 21],
};

/** How doors can be executed here, best first. @param bundle door.cjs; door.pl and firstProcess.pl lie beside it */
export function doorPrograms(bundle: string): readonly [DoorProgram, ...DoorProgram[]] {
  const ofNode = { file: process.execPath, args: [bundle] };
  const perl = systemProgram('perl');
  const calls = CALLS[process.arch];
  if (perl === undefined || calls === undefined) return [ofNode];
  const [script, first] = ['door.pl', 'firstProcess.pl'].map((name) =>
    path.join(path.dirname(bundle), name),
  ) as [string, string];
  const [sendmsg, mount] = calls.map(String) as [string, string];
  return [
    { file: perl, args: [script, sendmsg], firstProcess: [first, script, sendmsg, mount] },
    ofNode,
  ];
}
