const IP_HEADER = 20;
const TCP = 6;
const UDP = 17;
const ICMP = 1;
const TTL = 64;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const TCP_HEADER = 20;
const FRAGMENT_OFFSET = 0x1fff;

/** Destination unreachable, port unreachable (RFC 792). */
const UNREACHABLE = [3, 3] as const;
const ICMP_HEADER = 8;
/** Of the packet an ICMP message is about, it quotes the header and this much. */
const QUOTED_BYTES = 8;

/**
 * What a firewall that rejects sends back for an IPv4 packet that `readPacket` let in, as if it came from its receiver: a reset for
 * TCP (RFC 9293, section 3.5.2), "port unreachable" for UDP (RFC 1122, section 4.1.3.1). Undefined: nothing answers that, as for resets, ICMP
 * and fragments without ports.
 */
export function refusalOf(packet: Buffer): Buffer | undefined {
  const headerBytes = ((packet[0] ?? 0) & 0xf) * 4;
  if ((packet.readUInt16BE(6) & FRAGMENT_OFFSET) !== 0) return undefined;
  if (packet[9] === TCP) return resetOf(packet, headerBytes);
  if (packet[9] !== UDP) return undefined;
  const quoted = packet.subarray(0, headerBytes + QUOTED_BYTES);
  const message = Buffer.alloc(ICMP_HEADER + quoted.length);
  message.set(UNREACHABLE, 0);
  message.set(quoted, ICMP_HEADER);
  message.writeUInt16BE(checksum(message), 2);
  return answerTo(packet, ICMP, message);
}

function resetOf(packet: Buffer, at: number): Buffer | undefined {
  if (packet.length < at + TCP_HEADER) return undefined;
  const flags = packet[at + 13] ?? 0;
  if ((flags & RST) !== 0) return undefined;
  const reset = Buffer.alloc(TCP_HEADER);
  packet.copy(reset, 0, at + 2, at + 4);
  packet.copy(reset, 2, at, at + 2);
  reset[12] = (TCP_HEADER / 4) << 4;
  if ((flags & ACK) !== 0) {
    packet.copy(reset, 4, at + 8, at + 12);
    reset[13] = RST;
  } else {
    const dataAt = at + ((packet[at + 12] ?? 0) >>> 4) * 4;
    const length =
      packet.length - dataAt + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    reset.writeUInt32BE((packet.readUInt32BE(at + 4) + length) >>> 0, 8);
    reset[13] = RST | ACK;
  }
  reset.writeUInt16BE(checksum(Buffer.concat([pseudoHeader(packet, reset.length), reset])), 16);
  return answerTo(packet, TCP, reset);
}

/** What the checksum of TCP covers besides: both addresses the other way round, the protocol and the length. */
function pseudoHeader(packet: Buffer, length: number): Buffer {
  const header = Buffer.alloc(12);
  packet.copy(header, 0, 16, 20);
  packet.copy(header, 4, 12, 16);
  header[9] = TCP;
  header.writeUInt16BE(length, 10);
  return header;
}

function answerTo(packet: Buffer, protocol: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(IP_HEADER);
  header[0] = 0x40 | (IP_HEADER / 4);
  header.writeUInt16BE(IP_HEADER + payload.length, 2);
  header[8] = TTL;
  header[9] = protocol;
  packet.copy(header, 12, 16, 20);
  packet.copy(header, 16, 12, 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** Of the internet (RFC 1071), over bytes whose own field for it is 0. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  if (bytes.length % 2 === 1) sum += (bytes[bytes.length - 1] ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
