/** Packets as a kernel writes them, for tests. */
export interface PacketInput {
  readonly from?: number;
  readonly to?: number;
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly targetPort?: number;
  /** Bytes behind the ports. */
  readonly payload?: Buffer;
  readonly id?: number;
  /** Flags and fragment offset. */
  readonly fragment?: number;
  readonly options?: Buffer;
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Nodes by index; defaults: UDP from n0:4000 to n1:7302 with an empty payload. */
export function ipv4Packet(input: PacketInput = {}): Buffer {
  const { from = 0, to = 1, protocol = 17, sourcePort = 4000, targetPort = 7302 } = input;
  const { payload = Buffer.alloc(4), id = 1, fragment = 0, options = Buffer.alloc(0) } = input;
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(sourcePort, 0);
  ports.writeUInt16BE(targetPort, 2);
  const header = Buffer.concat([Buffer.alloc(20), options]);
  header[0] = 0x40 | (header.length / 4);
  header.writeUInt16BE(header.length + 4 + payload.length, 2);
  header.writeUInt16BE(id, 4);
  header.writeUInt16BE(fragment, 6);
  header[8] = 64;
  header[9] = protocol;
  header.set([10, 99, 0, from + 1], 12);
  header.set([10, 99, 0, to + 1], 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, ports, payload]);
}
