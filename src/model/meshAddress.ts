/** The network between nodes: 10.99.0.0/24, of which node i has 10.99.0.(i + 1). */
export const MESH_NETWORK = '10.99.0.0/24';

/** By which the kernel inside a node's box reaches it: a TUN device. */
export const MESH_DEVICE = 'mesh0';

/** The address of a node by its index, dotted. */
export function meshAddressOf(index: number): string {
  return `10.99.0.${index + 1}`;
}

/** An address as 32 bits; the index of its node, or -1 outside the mesh. The network's own and its broadcast address are nobody's. */
export function nodeAtAddress(address: number): number {
  const host = address & 0xff;
  return address >>> 8 === 0x0a6300 && host > 0 && host < 0xff ? host - 1 : -1;
}

/** What a node finds itself at. */
export const OWN_ADDRESS = '127.0.0.1';
