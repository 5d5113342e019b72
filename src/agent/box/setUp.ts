import { deviceCommands, type Device } from './device.ts';
import type { DoorProgram } from './doorProgram.ts';
import type { NameFile } from './nameFiles.ts';

/** What the first process of a box has to do before any service starts. */
export interface SetUp {
  /** A file, see mountTable; empty: nothing is mounted. */
  readonly table: string;
  readonly device: Device;
  /** Of TCP inside; empty: the machine's. */
  readonly congestionControl: string;
  /** The file number of a connection to the emulator; empty: there is none. */
  readonly wire: string;
  /** Of whoever connects, as ip_local_port_range has it; empty: the machine's. */
  readonly ports: string;
}

/** Paths of the programs that set a box up whose door does not do it by itself; empty: not on this machine. */
export type SetUpTools = Readonly<Record<'ip' | 'mount', string>>;

/** The first process of a box, and its door with it. */
export function firstProcess(
  door: DoorProgram,
  { table, device, wire, congestionControl, ports }: SetUp,
  { ip, mount }: SetUpTools,
): string[] {
  if (door.firstProcess !== undefined) {
    const { name, owner, address, network, mtu, queue } = device;
    const values = [name, String(owner), address, network, String(mtu), String(queue)];
    return [door.file, ...door.firstProcess, wire, table, ...values, congestionControl, ports];
  }
  const settings = [ip, mount, table, deviceCommands(device), congestionControl, ports];
  return ['/bin/sh', '-c', SET_UP, 'sh', ...settings, door.file, ...door.args];
}

/**
 * What firstProcess.pl does, where there is no perl: arguments are ip(8), mount(8), a table of mounts (empty: none), the
 * wire's commands for ip(8) (empty: none), TCP's congestion control (empty: the machine's), the ports of whoever connects (empty: the machine's), and the door with its own arguments. It has the privileges of the box, which services do not have: what else is to be set up
 * inside with them belongs here.
 *
 * All interfaces are down at first. Every address becomes one of the box's own, so that what is sent to any host arrives at
 * a socket in here or is refused at once. One ip(8) does all of it, asked without another process in front of it; what a machine refuses is found out in turn: IPv6 may be
 * switched off, and a machine without TUN devices has no wire: why comes with the word `open`. The mesh has no IPv6 and no ECN. Ports below 1024 are for everybody inside, as they are for services on a machine of their own.
 *
 * The door is started while its files can still be seen. The agent says on stdin when it is open; only then are the mounts made,
 * and `open` or `shut` is the answer. All the while this process waits for the door, and so takes the exit codes of orphans:
 * with the door, everything ends, at whatever instant that is. What a shell has to say of a door that was killed is nobody's
 * reason, and is not said.
 */
const SET_UP = `ip=$1 mount=$2 table=$3 wire=$4 control=$5 range=$6; shift 6
set -f
unwired= settings=/proc/sys/net loopback='link set lo up
route add local 0.0.0.0/0 dev lo
route add local ::/0 dev lo
'
echo 1 2>/dev/null >$settings/ipv6/conf/default/disable_ipv6
echo 0 2>/dev/null >$settings/ipv4/tcp_ecn
"$ip" -batch - 2>/dev/null <<END || {
$loopback$wire
END
  printf '%s' "$loopback" | "$ip" -batch - 2>/dev/null ||
    { "$ip" link set lo up && "$ip" route replace local 0.0.0.0/0 dev lo; } || exit 1
  [ -z "$wire" ] || unwired=$(printf '%s' "$wire" | "$ip" -batch - 2>&1) && unwired=
}
[ -z "$control" ] || echo "$control" 2>/dev/null >$settings/ipv4/tcp_congestion_control || unwired="TCP has no congestion control $control here"
echo 0 2>/dev/null >$settings/ipv4/ip_unprivileged_port_start
[ -z "$range" ] || echo "$range" 2>/dev/null >$settings/ipv4/ip_local_port_range
exec 4<&0 5>&1 </dev/null >/dev/null
{
  exec 3>&-
  read -r opened <&4 || exit
  if [ -z "$table" ] || "$mount" -n -a -T "$table"; then echo open $unwired >&5; else echo shut >&5; fi
} &
exec 4<&- 5>&- 6>&2 2>/dev/null
( exec "$@" 2>&6 6>&- )
exit
`;

export interface Mounts {
  /** What programs inside find in the place of files of the machine. */
  readonly files: readonly NameFile[];
  /** The node's folder, and where it is found inside. */
  readonly node?: { readonly folder: string; readonly place: string } | undefined;
  /** Folders that are empty inside. */
  readonly cover?: readonly string[] | undefined;
}

/** A table of mounts as fstab(5), in their order: what is covered may hold what was mounted elsewhere before. */
export function mountTable({ files, node, cover = [] }: Mounts): string {
  const binds = [
    ...(node === undefined ? [] : [{ ours: node.folder, place: node.place }]),
    ...files,
  ];
  return [
    // With what is mounted below it: the node may have a disk of its own.
    ...binds.map(({ ours, place }) => [field(ours), field(place), 'none', 'rbind']),
    ...cover.map((place) => ['tmpfs', field(place), 'tmpfs', 'ro,size=4k,mode=755']),
  ]
    .map((fields) => `${fields.join(' ')} 0 0\n`)
    .join('');
}

/** Fields end at white space, and a backslash begins a number. */
function field(text: string): string {
  return text.replaceAll(
    /[\s\\#]/g,
    (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
