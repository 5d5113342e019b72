/** The mesh's own network inside every box; RFC 1918 leaves it to whoever uses it. Node i is host i + 1. */
const NETWORK = '10.99.0';

export const MESH_NETWORK = `${NETWORK}.0/24`;

/** The TUN device of a box. */
export const DEVICE = 'mesh0';

/** Of Ethernet: what programs reckon with. */
const MTU = 1500;

/** Packets the device holds while the relay has no turn. It drops none while the emulator keeps up. */
const QUEUE_PACKETS = 4_000;

export function addressOf(index: number): string {
  return `${NETWORK}.${index + 1}`;
}

/**
 * Commands of ip(8), a line each. A box's table `local` says that every address is its own, for the gateway; the mesh is
 * an exception in that same table, since no other table is asked before it.
 */
export function setUpCommands(index: number): string {
  const own = addressOf(index);
  return [
    `addr add ${own}/24 dev ${DEVICE}`,
    `link set ${DEVICE} mtu ${MTU} txqueuelen ${QUEUE_PACKETS} up`,
    `route add ${MESH_NETWORK} dev ${DEVICE} table local src ${own}`,
    '',
  ].join('\n');
}
