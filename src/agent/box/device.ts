import { MESH_DEVICE, MESH_NETWORK, meshAddressOf } from '../../model/meshAddress.ts';

/** Of Ethernet: what programs reckon with. */
const MTU = 1500;

/** Packets the device holds while its relay has no turn. It drops none while the emulator keeps up. */
const QUEUE_PACKETS = 4_000;

/**
 * A node's TUN device inside its box, for a relay without privileges to attach to. A box's table `local` says that every address is
 * its own, for the gateway; the mesh is an exception in that same table, since no other is asked before it.
 */
export interface Device {
  readonly name: string;
  /** The user who may attach to it. */
  readonly owner: number;
  readonly address: string;
  /** `address/bits`. */
  readonly network: string;
  readonly mtu: number;
  /** In packets. */
  readonly queue: number;
}

export function deviceOf(index: number): Device {
  return {
    name: MESH_DEVICE,
    owner: process.getuid?.() ?? 0,
    address: meshAddressOf(index),
    network: MESH_NETWORK,
    mtu: MTU,
    queue: QUEUE_PACKETS,
  };
}

/** Commands of ip(8), a line each, that make it. */
export function deviceCommands({ name, owner, address, network, mtu, queue }: Device): string {
  const [, bits = ''] = network.split('/');
  return [
    `tuntap add dev ${name} mode tun user ${owner}`,
    `addr add ${address}/${bits} dev ${name}`,
    `link set ${name} mtu ${mtu} txqueuelen ${queue} up`,
    `route add ${network} dev ${name} table local src ${address}`,
    '',
  ].join('\n');
}
