import { textIfThere } from '../../base/regularFile.ts';

export type Protocol = 'tcp' | 'udp';

/** A socket of a network namespace, as the kernel lists it. */
export interface Socket {
  /** In hexadecimal, as four or sixteen bytes, each group of four in the machine's own order. */
  readonly address: string;
  readonly port: number;
  /** Of TCP: it takes connections. */
  readonly listens: boolean;
  /** '0': no process holds it any more. */
  readonly inode: string;
}

/** Of a line in /proc/net/tcp and its kin (proc_pid_net(5)): the local end, the state, and the inode. */
const LINE = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) \S+ \S+ \S+\s+\d+\s+\d+\s+(\d+)/;
const LISTEN = '0A';

/** Sockets in the network of a process, over IPv4 and IPv6; none where it has ended. */
export function socketsOf(pid: number, protocol: Protocol): Socket[] {
  return [protocol, `${protocol}6`].flatMap((table) => socketsIn(`/proc/${pid}/net/${table}`));
}

function socketsIn(file: string): Socket[] {
  const lines = textIfThere(file).split('\n');
  return lines.flatMap((line) => {
    const [, address, port = '', state, inode = '0'] = LINE.exec(line) ?? [];
    if (address === undefined) return [];
    return [{ address, port: Number.parseInt(port, 16), listens: state === LISTEN, inode }];
  });
}
