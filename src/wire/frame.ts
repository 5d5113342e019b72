import { dueTicks } from './dueTime.ts';

/**
 * The frame between an agent and the network emulator: one datagram of the rollout protocol, little-endian.
 *
 *     0  u32 length of the whole frame      16  u32 a   20  u32 b   24  u32 c   28  u32 d
 *     4  u16 kind                           32  f64 send time, ms since the run began
 *     6  u16 from      8  u16 to            40  bits: `words` × u32
 *    10  u16 words    12  u32 due, dueTime.ts    …  payload: the rest
 *
 * The emulator writes when a frame is due at its receiver, and forwards the bytes as they are; only a corrupted copy differs.
 */
export const HEADER_BYTES = 40;

/** The largest frame either side accepts: a manifest of 64 services with its envelope stays far below. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Kinds of frames that are not messages of the protocol; MESSAGE in mesh/io.ts stays below 100. */
export const WIRE = {
  /** First frame of an agent: from = its index, a = incarnation; payload = the node's token. */
  greeting: 100,
  /** The emulator's answer: the agent is on the network, or, where a is PACKETS_FOLLOW, the relay. */
  welcome: 101,
  /** First frame of the relay of a box: from = its node, a = which of its networks; payload = the token. After the welcome, packets.ts. */
  relay: 102,
} as const;

/** Of a welcome: no further frame comes, but packets (packets.ts). */
export const PACKETS_FOLLOW = 1;

export interface FrameHeader {
  readonly kind: number;
  readonly from: number;
  readonly to: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly sentAt: number;
}

export type Words = Uint32Array | null;

function writeHeader(frame: Buffer, header: FrameHeader, words: number): void {
  frame.writeUInt32LE(frame.length, 0);
  frame.writeUInt16LE(header.kind, 4);
  frame.writeUInt16LE(header.from, 6);
  frame.writeUInt16LE(header.to, 8);
  frame.writeUInt16LE(words, 10);
  frame.writeUInt32LE(0, 12);
  frame.writeUInt32LE(header.a >>> 0, 16);
  frame.writeUInt32LE(header.b >>> 0, 20);
  frame.writeUInt32LE(header.c >>> 0, 24);
  frame.writeUInt32LE(header.d >>> 0, 28);
  frame.writeDoubleLE(header.sentAt, 32);
}

/** A whole frame in memory of its own: `bits` and `payload` are copied. */
export function encodeFrame(header: FrameHeader, bits: Words, payload: Uint8Array | null): Buffer {
  const words = bits?.length ?? 0;
  const start = HEADER_BYTES + words * 4;
  const frame = Buffer.allocUnsafe(start + (payload?.length ?? 0));
  writeHeader(frame, header, words);
  if (bits !== null) {
    for (let i = 0; i < words; i += 1) frame.writeUInt32LE(bits[i] ?? 0, HEADER_BYTES + i * 4);
  }
  if (payload !== null) frame.set(payload, start);
  return frame;
}

export function frameKind(frame: Buffer): number {
  return frame.readUInt16LE(4);
}

export function frameFrom(frame: Buffer): number {
  return frame.readUInt16LE(6);
}

export function frameTo(frame: Buffer): number {
  return frame.readUInt16LE(8);
}

export function frameSentAt(frame: Buffer): number {
  return frame.readDoubleLE(32);
}

/** Says in a frame when it left its node. */
export function stampFrame(frame: Buffer, sentAt: number): void {
  frame.writeDoubleLE(sentAt, 32);
}

/** Says in a frame when it is due. @param ms since the run began */
export function stampDue(frame: Buffer, ms: number): void {
  frame.writeUInt32LE(dueTicks(ms, 32), 12);
}

export function readHeader(frame: Buffer): FrameHeader {
  return {
    kind: frameKind(frame),
    from: frameFrom(frame),
    to: frameTo(frame),
    a: frame.readUInt32LE(16),
    b: frame.readUInt32LE(20),
    c: frame.readUInt32LE(24),
    d: frame.readUInt32LE(28),
    sentAt: frameSentAt(frame),
  };
}

/** The chunk index of a `chunk` message, its field b. */
export function frameChunk(frame: Buffer): number {
  return frame.readUInt32LE(20);
}

export function frameBits(frame: Buffer): Words {
  const words = frame.readUInt16LE(10);
  if (words === 0) return null;
  const bits = new Uint32Array(words);
  for (let i = 0; i < words; i += 1) bits[i] = frame.readUInt32LE(HEADER_BYTES + i * 4);
  return bits;
}

/** Where the payload starts. */
export function payloadStart(frame: Buffer): number {
  return HEADER_BYTES + frame.readUInt16LE(10) * 4;
}

/** A view into the frame, not a copy. */
export function framePayload(frame: Buffer): Buffer {
  return frame.subarray(payloadStart(frame));
}
