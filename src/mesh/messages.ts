import { type MeshIo, MESSAGE, type MessageKind } from './io.ts';
import type { Peer } from './peer.ts';

/**
 * What the numbers of a message mean: a function per kind writes them, `receiveMessage` reads them. Worlds pass them on as
 * they are, and look at the chunk's index alone. Numbers and not objects: a large virtual world sends millions a second.
 */
type Bits = Uint32Array | null;

const ROUTE_BASE = 0x10000;
const UINT32_RANGE = 0x100000000;

/** The ends of a message that is relayed hop by hop. */
export function routeOf(origin: number, destination: number): number {
  return origin * ROUTE_BASE + destination;
}

export function originOf(route: number): number {
  return Math.floor((route >>> 0) / ROUTE_BASE);
}

export function destinationOf(route: number): number {
  return (route >>> 0) % ROUTE_BASE;
}

/** The chunk whose bytes travel with a message; -1: none do. `b` is its second number. */
export function chunkIndexOf(kind: number, b: number): number {
  return kind === MESSAGE.chunk ? b : -1;
}

/**
 * @param question 2 · attempt + 1 asks for an answer, 2 · attempt answers that attempt (so a round trip is measured), 0
 * does neither @param known 1 + the receiver's incarnation as the sender knows it; 0: unknown
 */
export function sendHello(
  io: MeshIo,
  to: number,
  incarnation: number,
  question: number,
  hasManifest: boolean,
  known: number,
  held: Bits,
): void {
  io.send(to, MESSAGE.hello, incarnation, question, hasManifest ? 1 : 0, known, held);
}

export function sendManifest(io: MeshIo, to: number, sequence: number, session: number): void {
  io.send(to, MESSAGE.manifest, sequence, 0, session, 0, null);
}

/** Marks of a chunk: nothing else waits to be sent there. */
export const LAST_QUEUED = 1;
/** It was asked for because another link is late, and goes no further. */
export const LENT = 2;

export function sendChunk(
  io: MeshIo,
  to: number,
  sequence: number,
  chunk: number,
  session: number,
  marks: number,
): void {
  io.send(to, MESSAGE.chunk, sequence, chunk, session, marks, null);
}

/** @param near @param far bitmaps of the 64 sequence numbers before `highest` */
export function sendAck(
  io: MeshIo,
  to: number,
  highest: number,
  near: number,
  far: number,
  session: number,
  held: Bits,
): void {
  io.send(to, MESSAGE.ack, highest, near, far, session, held);
}

/** @param oneFrom 0: all of `chunks` are wanted; 1 + chunk: one of them, that one or the next lower one that is held */
export function sendPull(
  io: MeshIo,
  to: number,
  wantsManifest: boolean,
  chunks: Bits,
  oneFrom = 0,
): void {
  io.send(to, MESSAGE.pull, wantsManifest ? 1 : 0, oneFrom, 0, 0, chunks);
}

export function sendHave(io: MeshIo, to: number, hasManifest: boolean, held: Bits): void {
  io.send(to, MESSAGE.have, hasManifest ? 1 : 0, 0, 0, 0, held);
}

/** @param sentUs when the origin sent it, µs */
export function sendPing(
  io: MeshIo,
  to: number,
  route: number,
  probe: number,
  sentUs: number,
): void {
  const high = Math.floor(sentUs / UINT32_RANGE);
  io.send(to, MESSAGE.ping, route, probe, high, sentUs % UINT32_RANGE, null);
}

/** @param oneWayUs the measured one-way time */
export function sendPong(
  io: MeshIo,
  to: number,
  route: number,
  probe: number,
  sentUs: number,
  oneWayUs: number,
): void {
  const high = Math.floor(sentUs / UINT32_RANGE);
  const low = sentUs % UINT32_RANGE;
  io.send(to, MESSAGE.pong, route, probe, high, low, Uint32Array.of(oneWayUs));
}

export function sendAsk(
  io: MeshIo,
  to: number,
  route: number,
  probe: number,
  service: number,
): void {
  io.send(to, MESSAGE.ask, route, probe, service, 0, null);
}

export function sendAnswer(
  io: MeshIo,
  to: number,
  route: number,
  probe: number,
  service: number,
  passed: boolean,
): void {
  io.send(to, MESSAGE.answer, route, probe, service, passed ? 1 : 0, null);
}

/** What a node does with each kind; parameters as in the functions above. */
export interface MessageHandlers {
  onHello(
    peer: Peer,
    incarnation: number,
    question: number,
    hasManifest: boolean,
    known: number,
    held: Bits,
  ): void;
  onManifest(peer: Peer, sequence: number, session: number, intact: boolean): void;
  onChunk(
    peer: Peer,
    sequence: number,
    chunk: number,
    session: number,
    marks: number,
    intact: boolean,
  ): void;
  onAck(peer: Peer, highest: number, near: number, far: number, session: number, held: Bits): void;
  onPull(peer: Peer, wantsManifest: boolean, chunks: Bits, oneFrom: number): void;
  onHave(peer: Peer, hasManifest: boolean, held: Bits): void;
  /** Those that measure one-way times, and those that ask for services; made when first needed. */
  probing(): {
    onPing(route: number, probe: number, sentUs: number): void;
    onPong(route: number, probe: number, sentUs: number, oneWayUs: number): void;
  };
  asking(): {
    onAsk(route: number, probe: number, service: number): void;
    onAnswer(route: number, probe: number, service: number, passed: boolean): void;
  };
}

/** Hands a message to its handler. The numbers are as `MeshIo.send` got them, or their 32 bits. */
export function receiveMessage(
  node: MessageHandlers,
  peer: Peer,
  kind: MessageKind,
  a: number,
  b: number,
  c: number,
  d: number,
  bits: Bits,
  intact: boolean,
): void {
  switch (kind) {
    case MESSAGE.hello:
      node.onHello(peer, a, b, c === 1, d, bits);
      break;
    case MESSAGE.manifest:
      node.onManifest(peer, a, c, intact);
      break;
    case MESSAGE.chunk:
      node.onChunk(peer, a, b, c, d, intact);
      break;
    case MESSAGE.ack:
      node.onAck(peer, a, b, c, d, bits);
      break;
    case MESSAGE.pull:
      node.onPull(peer, a === 1, bits, b);
      break;
    case MESSAGE.have:
      node.onHave(peer, a === 1, bits);
      break;
    case MESSAGE.ping:
      node.probing().onPing(a, b, wholeUs(c, d));
      break;
    case MESSAGE.pong:
      node.probing().onPong(a, b, wholeUs(c, d), bits?.[0] ?? 0);
      break;
    case MESSAGE.ask:
      node.asking().onAsk(a, b, c);
      break;
    case MESSAGE.answer:
      node.asking().onAnswer(a, b, c, d === 1);
      break;
  }
}

function wholeUs(high: number, low: number): number {
  return (high >>> 0) * UINT32_RANGE + (low >>> 0);
}
