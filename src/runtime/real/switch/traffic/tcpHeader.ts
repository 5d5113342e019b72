/** Flags of TCP (RFC 9293). */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

const LEAST_HEADER_BYTES = 20;
const FLAGS = 13;
const OFFSET = 12;

/** Bytes of an IPv4 header, as it says itself. */
export function ipHeaderBytes(packet: Buffer): number {
  return ((packet[0] ?? 0) & 0xf) * 4;
}

/** Flags of the TCP segment in an IPv4 packet that is no fragment; undefined when it ends too early. */
export function tcpFlags(packet: Buffer): number | undefined {
  const at = ipHeaderBytes(packet);
  return packet.length < at + LEAST_HEADER_BYTES ? undefined : packet[at + FLAGS];
}

/** Bytes of its header, options included. */
export function tcpHeaderBytes(packet: Buffer): number {
  return ((packet[ipHeaderBytes(packet) + OFFSET] ?? 0) >>> 4) * 4;
}

/** Where its sender begins to count. */
export function tcpSequence(packet: Buffer): number {
  return packet.readUInt32BE(ipHeaderBytes(packet) + 4);
}
