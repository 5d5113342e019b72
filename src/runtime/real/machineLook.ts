import path from 'node:path';
import { Box } from '../../agent/box/box.ts';
import { findProgram, systemProgram } from '../../agent/services/program.ts';
import { findRequired } from '../../agent/services/programLook.ts';
import type { Isolation } from '../../model/isolation.ts';

/** What this machine gives a node: found by making a box as a run does, and ending it. */
export interface MachineLook {
  readonly isolation: Isolation;
  /** Why it is not more, one clause. */
  readonly lacks?: string;
  /** Why nodes get no wire between them, one clause; undefined: they get one. */
  readonly wireMissing?: string;
}

const RELAY_INTERPRETERS = ['perl', 'python3'];

/** @param folder an empty one of this user, without links in its path, which is written into */
export async function lookAtMachine(bundleFolder: string, folder: string): Promise<MachineLook> {
  const door = path.join(bundleFolder, 'door.cjs');
  const box = await Box.open({ door, folder, files: [], cover: [], index: 0 });
  if ('unavailable' in box) {
    return {
      isolation: 'none',
      lacks: box.unavailable,
      wireMissing: 'it takes a network of its own',
    };
  }
  const { isolation, limit } = box;
  const noRelay = RELAY_INTERPRETERS.every((name) => systemProgram(name) === undefined);
  const wireMissing = box.wireMissing ?? (noRelay ? 'it takes perl or python3' : undefined);
  await box.close();
  return {
    isolation,
    ...(limit === undefined ? {} : { lacks: limit.reason }),
    ...(wireMissing === undefined ? {} : { wireMissing }),
  };
}

/** Whether services would find a program on this machine. */
export function machineHas(program: string, searchPath: string): boolean {
  return program === 'node' || findProgram(program, '/', searchPath) !== undefined;
}

/** Whether it is on this machine as a program that a service requires. */
export function machineHasRequired(program: string, searchPath: string): boolean {
  return findRequired(program, searchPath) !== undefined;
}
