import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { GUARD_VARIABLE, serviceOfOrders } from '../guard/orders.ts';

/** Of a line in /proc/net/tcp and its kin (proc_pid_net(5)): the local port in hexadecimal, and the inode. */
const LINE = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ \S+ \S+ \S+ \S+\s+\d+\s+\d+\s+(\d+)/;

export type Protocol = 'tcp' | 'udp';

/**
 * The service whose process holds the socket with this local port; undefined: it is closed already, or the process does not
 * say. `pid`: a process whose network is that of the box. Reads the whole of /proc: for what happens rarely.
 */
export function serviceOfSocket(pid: number, protocol: Protocol, port: number): string | undefined {
  const inode = inodeOf(pid, protocol, port);
  if (inode === undefined) return undefined;
  const owner = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, inode));
  return owner === undefined ? undefined : serviceOfProcess(owner);
}

function inodeOf(pid: number, protocol: Protocol, port: number): string | undefined {
  for (const table of [protocol, `${protocol}6`]) {
    for (const line of readText(`/proc/${pid}/net/${table}`).split('\n')) {
      const [, hex = '', inode = '0'] = LINE.exec(line) ?? [];
      if (Number.parseInt(hex, 16) === port && inode !== '0') return inode;
    }
  }
  return undefined;
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
