import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { packetOf, PacketReader } from '../../../src/wire/packets.ts';

function framed(packet: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(packet.length);
  return Buffer.concat([length, packet]);
}

describe('wire/packets', () => {
  it('gives back the packets that were sent, however the stream is cut', () => {
    const packets = fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(packets, fc.array(fc.integer({ min: 1, max: 700 })), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(framed));
        const seen: Buffer[] = [];
        const reader = new PacketReader((one) => seen.push(Buffer.from(packetOf(one))));
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          reader.push(Buffer.from(stream.subarray(at, at + cut)));
          at = Math.min(stream.length, at + cut);
        }
        assert.deepEqual(
          seen,
          sent.map((one) => Buffer.from(one)),
        );
      }),
    );
  });

  it('refuses a length no packet has', () => {
    const reader = new PacketReader(() => undefined);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(65_536);
    assert.throws(() => reader.push(length), /65536 bytes.*out of step/);
  });
});
