import { nodeAtAddress } from '../model/meshAddress.ts';

/** Why a packet does not enter the emulated network. */
export type PacketProblem =
  'not-ipv4' | 'truncated' | 'malformed' | 'foreign-source' | 'foreign-destination' | 'to-itself';

/** What the network has to know of a packet. Written into by `readPacket`, so that a hot path reuses one object. */
export interface PacketTuple {
  /** Index of the receiving node. */
  to: number;
  /** IANA protocol number. */
  protocol: number;
  /** Of TCP, UDP, SCTP, DCCP and UDP-Lite; ICMP: type·256 + code, and the identifier of an echo; else 0. */
  sourcePort: number;
  targetPort: number;
  /** Tells the streams of one link apart: packets with the same number stay in order. Below STREAM_SPAN. */
  stream: number;
}

const HEADER_BYTES = 20;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;
const ICMP = 1;
/** Protocols that begin with two ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const FRAGMENTS = 2 ** 41;

export function newTuple(): PacketTuple {
  return { to: -1, protocol: 0, sourcePort: 0, targetPort: 0, stream: 0 };
}

/**
 * Reads the header of an IPv4 packet (RFC 791) that the node `from` sent, into `tuple`. Undefined when the packet may
 * travel. Fragments of a datagram belong together by (source, destination, protocol, identification): only the first
 * has ports. A wrong header checksum is refused: the receiving kernel would drop the packet without a count.
 */
export function readPacket(
  packet: Buffer,
  from: number,
  nodes: number,
  tuple: PacketTuple,
): PacketProblem | undefined {
  if (packet.length === 0) return 'truncated';
  const first = packet[0] ?? 0;
  if (first >>> 4 !== 4) return 'not-ipv4';
  if (packet.length < HEADER_BYTES) return 'truncated';
  const headerBytes = (first & 0xf) * 4;
  const length = packet.readUInt16BE(2);
  if (headerBytes < HEADER_BYTES || length < headerBytes) return 'malformed';
  if (length > packet.length) return 'truncated';
  if (length < packet.length || !isSumRight(packet, headerBytes)) return 'malformed';
  if (nodeAtAddress(packet.readUInt32BE(12)) !== from) return 'foreign-source';
  const to = nodeAtAddress(packet.readUInt32BE(16));
  if (to === from) return 'to-itself';
  if (to < 0 || to >= nodes) return 'foreign-destination';
  tuple.to = to;
  return readTuple(packet, headerBytes, tuple);
}

function readTuple(packet: Buffer, at: number, tuple: PacketTuple): PacketProblem | undefined {
  const protocol = packet[9] ?? 0;
  tuple.protocol = protocol;
  tuple.sourcePort = 0;
  tuple.targetPort = 0;
  const isFragment = (packet.readUInt16BE(6) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) !== 0;
  if (isFragment) {
    tuple.stream = FRAGMENTS + protocol * 2 ** 32 + packet.readUInt16BE(4);
    return undefined;
  }
  if (protocol === ICMP || WITH_PORTS.has(protocol)) {
    const isEcho = protocol === ICMP && (packet[at] === 0 || packet[at] === 8);
    if (packet.length < at + (isEcho ? 8 : 4)) return 'malformed';
    tuple.sourcePort = packet.readUInt16BE(at);
    if (isEcho) tuple.targetPort = packet.readUInt16BE(at + 4);
    else if (protocol !== ICMP) tuple.targetPort = packet.readUInt16BE(at + 2);
  }
  tuple.stream = protocol * 2 ** 32 + tuple.sourcePort * 2 ** 16 + tuple.targetPort;
  return undefined;
}

/** The one's complement sum of the header's 16-bit words, its checksum included, is all ones (RFC 1071). */
function isSumRight(packet: Buffer, headerBytes: number): boolean {
  let sum = 0;
  for (let at = 0; at < headerBytes; at += 2) sum += packet.readUInt16BE(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum & 0xffff) + (sum >>> 16) === 0xffff;
}
