import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { GUARD_VARIABLE, serviceOfOrders } from '../guard/orders.ts';
import { socketsOf, type Protocol } from './socketTable.ts';

/**
 * The service whose process holds the socket with this local port; undefined: it is closed already, or the process does not
 * say. `pid`: a process whose network is that of the box. Reads the whole of /proc: for what happens rarely.
 */
export function serviceOfSocket(pid: number, protocol: Protocol, port: number): string | undefined {
  const inode = socketsOf(pid, protocol).find(
    (one) => one.port === port && one.inode !== '0',
  )?.inode;
  if (inode === undefined) return undefined;
  const owner = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, inode));
  return owner === undefined ? undefined : serviceOfProcess(owner);
}

function holds(pid: string, inode: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some(
      (fd) => readlinkSync(path.join(folder, fd)) === `socket:[${inode}]`,
    );
  } catch {
    // Another user's, or gone meanwhile.
    return false;
  }
}

/** Every process of a service has its orders, whatever program it is. */
function serviceOfProcess(pid: string): string | undefined {
  const variable = readText(`/proc/${pid}/environ`)
    .split('\0')
    .find((entry) => entry.startsWith(`${GUARD_VARIABLE}=`));
  return variable && serviceOfOrders(variable.slice(GUARD_VARIABLE.length + 1));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
