import { systemProgram } from '../services/program.ts';
import type { BoxOptions } from './box.ts';
import { doorPrograms, type DoorProgram } from './doorProgram.ts';
import type { SetUpTools } from './setUp.ts';

/** What this machine makes a box with. */
export type Tools = SetUpTools & {
  readonly unshare: string;
  readonly nsenter: string;
  readonly door: DoorProgram;
};

/** Or which of them this machine has not. */
export function findTools({
  door: bundle,
  doorProgram,
}: Pick<BoxOptions, 'door' | 'doorProgram'>): Tools | string {
  const door = doorProgram ?? doorPrograms(bundle)[0];
  const [unshare, nsenter, ip = '', mount = ''] = ['unshare', 'nsenter', 'ip', 'mount'].map(
    systemProgram,
  );
  if (unshare === undefined || nsenter === undefined) {
    return 'it takes unshare and nsenter of util-linux';
  }
  if (door.firstProcess === undefined && ip === '') return 'it takes perl, or ip of iproute2';
  return { unshare, nsenter, ip, mount, door };
}

/** Whether the doors of boxes here fork relays: they want a connection to the emulator when they are made. @param door see BoxOptions */
export function forksRelay(door: string): boolean {
  return doorPrograms(door)[0].firstProcess !== undefined;
}

export function canMount({ door, mount }: Tools): boolean {
  return door.firstProcess !== undefined || mount !== '';
}
