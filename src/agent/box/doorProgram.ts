import path from 'node:path';
import { systemProgram } from '../services/program.ts';

/** Executes the door of a box. */
export interface DoorProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** sendmsg(2), by what Node.js calls the machine, where records have 64 bits (asm/unistd.h, asm-generic/unistd.h). */
const SENDMSG: Partial<Record<NodeJS.Architecture, number>> = {
  x64: 46,
  arm64: 211,
  loong64: 211,
  riscv64: 211,
  ppc64: 341,
  s390x: 370,
};

/** How doors can be executed here, best first. @param bundle door.cjs; door.pl lies beside it */
export function doorPrograms(bundle: string): readonly [DoorProgram, ...DoorProgram[]] {
  const ofNode = { file: process.execPath, args: [bundle] };
  const perl = systemProgram('perl');
  const sendmsg = SENDMSG[process.arch];
  if (perl === undefined || sendmsg === undefined) return [ofNode];
  const script = path.join(path.dirname(bundle), 'door.pl');
  return [{ file: perl, args: [script, String(sendmsg)] }, ofNode];
}
