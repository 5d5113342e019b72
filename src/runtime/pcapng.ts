/**
 * A capture of the packets between nodes as pcapng (draft-ietf-opsawg-pcapng), little-endian, for Wireshark: one
 * interface per node, the packets it sent, and what the network did with each as a comment.
 */
const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
/** Packets begin with their IP header. */
const LINKTYPE_RAW = 101;

const OPT_END = 0;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_TSRESOL = 9;
/** Times are in 10^-6 s. */
const MICROSECONDS = 6;
/** The longest value an option's length can tell. */
const MOST_OPTION_BYTES = 0xffff;
const UINT32_RANGE = 0x100000000;

export interface CapturedPacket {
  /** Index of the node that sent it: its interface. */
  readonly node: number;
  /** Wall ms since 1970; its fraction counts. */
  readonly at: number;
  readonly packet: Uint8Array;
  /** What became of it. */
  readonly comment: string;
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function option(code: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value)]);
}

/** UTF-8, cut where an option ends, at a whole character. */
function text(words: string): Buffer {
  const bytes = Buffer.from(words);
  let end = Math.min(bytes.length, MOST_OPTION_BYTES);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/** A block of `type`: its length stands before and behind its body. */
function block(type: number, ...body: Buffer[]): Buffer {
  const length = 12 + body.reduce((sum, { length: bytes }) => sum + bytes, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...body, head.subarray(4)]);
}

const END = option(OPT_END, Buffer.alloc(0));

/** The beginning of a file: the section, and an interface for each node, by its name. @param program that wrote it */
export function pcapngHeader(nodes: readonly string[], program: string): Buffer {
  const section = Buffer.alloc(16);
  section.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  section.writeUInt16LE(1, 4);
  // The section's length is not known before it ends.
  section.fill(0xff, 8);
  const face = Buffer.alloc(8);
  face.writeUInt16LE(LINKTYPE_RAW, 0);
  const resolution = option(IF_TSRESOL, Buffer.of(MICROSECONDS));
  return Buffer.concat([
    block(SECTION_HEADER, section, option(SHB_USERAPPL, text(program)), END),
    ...nodes.map((name) => block(INTERFACE, face, option(IF_NAME, text(name)), resolution, END)),
  ]);
}

/** One packet; blocks follow the header in any order of time. */
export function pcapngPacket({ node, at, packet, comment }: CapturedPacket): Buffer {
  const us = Math.round(at * 1000);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(node, 0);
  head.writeUInt32LE(Math.floor(us / UINT32_RANGE), 4);
  head.writeUInt32LE(us % UINT32_RANGE, 8);
  head.writeUInt32LE(packet.length, 12);
  head.writeUInt32LE(packet.length, 16);
  return block(ENHANCED_PACKET, head, padded(packet), option(OPT_COMMENT, text(comment)), END);
}
