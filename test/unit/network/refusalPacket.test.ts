import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import { newTuple, readPacket } from '../../../src/network/ipv4Packet.ts';
import { refusalOf } from '../../../src/network/refusalPacket.ts';
import { ipv4Packet } from '../../support/ipv4.ts';

const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** TCP from n0:4000 to n1:7302. */
function segment(flags: number, { seq = 100, ack = 0, data = 0 } = {}): Buffer {
  const rest = Buffer.alloc(16 + data);
  rest.writeUInt32BE(seq, 0);
  rest.writeUInt32BE(ack, 4);
  rest[8] = 5 << 4;
  rest[9] = flags;
  return ipv4Packet({ protocol: 6, payload: rest });
}

/** The one's complement sum of all words, as a receiver reckons it: all ones when the checksum is right. */
function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

function tcpSum(packet: Buffer): number {
  const pseudo = Buffer.from([0, 6, 0, packet.length - 20]);
  return sumOf(Buffer.concat([packet.subarray(12, 20), pseudo, packet.subarray(20)]));
}

function refused(packet: Buffer): Buffer {
  const answer = refusalOf(packet);
  assert.ok(answer !== undefined);
  // It comes from the receiver, and a kernel would take it.
  assert.equal(readPacket(answer, 1, 2, newTuple()), undefined);
  return answer;
}

describe('network/refusalPacket', () => {
  it('answers the beginning of a connection with a reset that acknowledges it', () => {
    const reset = refused(segment(SYN, { seq: 0xffff_ffff }));
    assert.equal(reset.readUInt16BE(20), 7302);
    assert.equal(reset.readUInt16BE(22), 4000);
    assert.equal(reset.readUInt32BE(28), 0, 'acknowledges the number after it');
    assert.equal(reset[33], RST | ACK);
    assert.equal(tcpSum(reset), 0xffff);
  });

  it('resets a connection that is open where its sender expects the next byte', () => {
    const reset = refused(segment(ACK, { ack: 0xdead_beef, data: 4 }));
    assert.equal(reset.readUInt32BE(24), 0xdead_beef);
    assert.equal(reset[33], RST);
    assert.equal(tcpSum(reset), 0xffff);
  });

  it('answers a datagram with "port unreachable", and quotes it', () => {
    const datagram = ipv4Packet({ payload: Buffer.alloc(20, 1) });
    const answer = refused(datagram);
    assert.equal(answer[9], 1, 'ICMP');
    assert.deepEqual([...answer.subarray(20, 22)], [3, 3]);
    assert.deepEqual(answer.subarray(28), datagram.subarray(0, 28));
    assert.equal(sumOf(answer.subarray(20)), 0xffff);
  });

  it('answers no reset, no ICMP and no later fragment', () => {
    assert.equal(refusalOf(segment(RST)), undefined);
    assert.equal(refusalOf(ipv4Packet({ protocol: 1 })), undefined);
    assert.equal(refusalOf(ipv4Packet({ fragment: 10 })), undefined);
  });
});
