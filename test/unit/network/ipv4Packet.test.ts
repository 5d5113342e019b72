import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newTuple, readPacket } from '../../../src/network/ipv4Packet.ts';
import { STREAM_SPAN } from '../../../src/network/streamOrder.ts';
import { ipv4Packet, type PacketInput } from '../../support/ipv4.ts';

const NODES = 3;

function read(packet: Buffer, from = 0) {
  const tuple = newTuple();
  return { problem: readPacket(packet, from, NODES, tuple), ...tuple };
}

const streamOf = (input: PacketInput) => read(ipv4Packet(input), input.from).stream;

/** A packet with other bytes from `at` on. */
function changed(at: number, bytes: readonly number[]): Buffer {
  const packet = ipv4Packet();
  packet.set(bytes, at);
  return packet;
}

describe('reading a packet', () => {
  it('finds receiver, protocol and ports, also behind options', () => {
    for (const options of [Buffer.alloc(0), Buffer.alloc(8, 1)]) {
      const found = read(ipv4Packet({ from: 2, to: 1, protocol: 6, options }), 2);
      assert.equal(found.problem, undefined);
      const { to, protocol, sourcePort, targetPort } = found;
      assert.deepEqual([to, protocol, sourcePort, targetPort], [1, 6, 4000, 7302]);
    }
  });

  for (const [problem, packet] of [
    ['truncated', Buffer.alloc(0)],
    ['truncated', ipv4Packet().subarray(0, 19)],
    ['truncated', ipv4Packet().subarray(0, 27)],
    ['not-ipv4', Buffer.concat([Buffer.of(0x60), Buffer.alloc(47)])],
    ['malformed', changed(0, [0x44])],
    ['malformed', changed(2, [0, 19])],
    ['malformed', Buffer.concat([ipv4Packet(), Buffer.alloc(1)])],
    ['malformed', changed(10, [0, 0])],
    ['malformed', ipv4Packet({ protocol: 1, sourcePort: 0x0800, payload: Buffer.alloc(0) })],
    ['foreign-source', ipv4Packet({ from: 1, to: 2 })],
    ['foreign-destination', ipv4Packet({ to: NODES })],
    ['foreign-destination', ipv4Packet({ to: 254 })],
    ['foreign-destination', ipv4Packet({ to: -1 })],
    ['to-itself', ipv4Packet({ to: 0 })],
  ] as const) {
    it(`refuses ${packet.toString('hex') || 'nothing'} as ${problem}`, () => {
      assert.equal(read(packet).problem, problem);
    });
  }

  it('takes any other network for foreign', () => {
    const packet = ipv4Packet();
    packet.set([10, 98, 0, 2], 16);
    // One less in one word, one more in the checksum.
    packet.writeUInt16BE(packet.readUInt16BE(10) + 1, 10);
    assert.equal(read(packet).problem, 'foreign-destination');
  });

  it('gives all fragments of a datagram one stream, and other datagrams another', () => {
    const first = streamOf({ fragment: 0x2000, id: 7 });
    const last = streamOf({ fragment: 185, id: 7, sourcePort: 1, targetPort: 2 });
    assert.equal(first, last);
    assert.notEqual(first, streamOf({ fragment: 0x2000, id: 8 }));
    assert.notEqual(first, streamOf({ fragment: 0x2000, id: 7, protocol: 6 }));
    // Don't-fragment alone makes no fragment.
    assert.equal(streamOf({ fragment: 0x4000 }), streamOf({}));
  });

  it('tells echoes apart by their identifier', () => {
    const echo = (id: number) =>
      streamOf({ protocol: 1, sourcePort: 0x0800, payload: Buffer.of(id >> 8, id & 0xff, 0, 1) });
    assert.notEqual(echo(1), echo(2));
    assert.equal(echo(3), echo(3));
  });

  it('gives each (protocol, ports) a stream of its own', () => {
    const port = fc.integer({ min: 0, max: 0xffff });
    const tuples = fc.record({
      protocol: fc.constantFrom(6, 17),
      sourcePort: port,
      targetPort: port,
    });
    fc.assert(
      fc.property(tuples, tuples, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(streamOf(one) === streamOf(other), isSame);
        assert.ok(streamOf(one) < STREAM_SPAN);
      }),
    );
  });

  it('says something of any bytes, and lets none pass that are not a whole packet of the sender', () => {
    const cut = fc
      .tuple(fc.nat(40), fc.uint8Array({ maxLength: 6 }), fc.nat(30))
      .map(([length, bytes, at]) => {
        const packet = Buffer.concat([ipv4Packet(), Buffer.alloc(12)]).subarray(0, length);
        bytes.forEach((byte, index) => {
          if (at + index < packet.length) packet[at + index] = byte;
        });
        return packet;
      });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }).map((all) => Buffer.from(all)),
          cut,
        ),
        (packet) => {
          if (read(packet).problem !== undefined) return;
          assert.equal(packet.readUInt16BE(2), packet.length);
          assert.deepEqual([...packet.subarray(12, 16)], [10, 99, 0, 1]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
