/**
 * A capture of the packets between nodes as pcapng (draft-ietf-opsawg-pcapng), little-endian, for Wireshark: one
 * interface per node, the packets it sent, and what the network did with each as a comment.
 */
const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
/** Packets begin with their IP header. */
const LINKTYPE_RAW = 101;

const OPT_END = 0;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const ISB_IFDROP = 5;
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
  /** As much of it as is kept, from its start. */
  readonly packet: Uint8Array;
  /** Its bytes on the wire; left out: all are kept. */
  readonly length?: number;
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

/**
 * The beginning of a file: the section, and an interface for each node, by its name.
 * @param program that wrote it
 * @param words about the whole file
 */
export function pcapngHeader(nodes: readonly string[], program: string, words?: string): Buffer {
  const section = Buffer.alloc(16);
  section.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  section.writeUInt16LE(1, 4);
  // The section's length is not known before it ends.
  section.fill(0xff, 8);
  const comment = words === undefined ? [] : [option(OPT_COMMENT, text(words))];
  const face = Buffer.alloc(8);
  face.writeUInt16LE(LINKTYPE_RAW, 0);
  const resolution = option(IF_TSRESOL, Buffer.of(MICROSECONDS));
  return Buffer.concat([
    block(SECTION_HEADER, section, ...comment, option(SHB_USERAPPL, text(program)), END),
    ...nodes.map((name) => block(INTERFACE, face, option(IF_NAME, text(name)), resolution, END)),
  ]);
}

/** One packet; blocks follow the header in any order of time. */
export function pcapngPacket({ node, at, packet, length, comment }: CapturedPacket): Buffer {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(packet.length, 0);
  sizes.writeUInt32LE(length ?? packet.length, 4);
  const note = option(OPT_COMMENT, text(comment));
  return block(ENHANCED_PACKET, placeAndTime(node, at), sizes, padded(packet), note, END);
}

/** Packets that should be here and are not. @param at wall ms */
export function pcapngDropped(at: number, count: number): Buffer {
  const dropped = Buffer.alloc(8);
  dropped.writeBigUInt64LE(BigInt(count));
  return block(INTERFACE_STATISTICS, placeAndTime(0, at), option(ISB_IFDROP, dropped), END);
}

/** The interface, and wall ms as the two halves of a number of microseconds. */
function placeAndTime(node: number, at: number): Buffer {
  const us = Math.round(at * 1000);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(node, 0);
  head.writeUInt32LE(Math.floor(us / UINT32_RANGE), 4);
  head.writeUInt32LE(us % UINT32_RANGE, 8);
  return head;
}

export interface ReadBlocks {
  /** The blocks up to the first that does not end, or is none that this file writes. */
  readonly whole: Buffer;
  readonly packets: number;
  readonly dropped: number;
  /** Wall ms of the first packet. */
  readonly startsAt: number | undefined;
}

/** Reads blocks of packets, without a header, as a run that was killed may have left them: the last may be cut. */
export function readBlocks(bytes: Buffer): ReadBlocks {
  let [at, packets, dropped] = [0, 0, 0];
  let startsAt: number | undefined;
  for (let length = wholeAt(bytes, at); length > 0; length = wholeAt(bytes, at)) {
    if (bytes.readUInt32LE(at) === ENHANCED_PACKET) {
      packets += 1;
      startsAt ??=
        (bytes.readUInt32LE(at + 12) * UINT32_RANGE + bytes.readUInt32LE(at + 16)) / 1000;
    } else dropped += Number(bytes.readBigUInt64LE(at + DROPPED_AT));
    at += length;
  }
  return { whole: bytes.subarray(0, at), packets, dropped, startsAt };
}

/** In a block of pcapngDropped: behind its head, interface and time, and the head of its option. */
const DROPPED_AT = 24;
const LEAST_BLOCK_BYTES = 36;

/** Length of the block that begins there; 0: none that is whole. */
function wholeAt(bytes: Buffer, at: number): number {
  if (at + LEAST_BLOCK_BYTES > bytes.length) return 0;
  const [type, length] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
  const isOurs = type === ENHANCED_PACKET || type === INTERFACE_STATISTICS;
  const isWhole = length >= LEAST_BLOCK_BYTES && length % 4 === 0 && at + length <= bytes.length;
  return isOurs && isWhole && bytes.readUInt32LE(at + length - 4) === length ? length : 0;
}
