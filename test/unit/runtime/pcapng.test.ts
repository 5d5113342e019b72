import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  pcapngDropped,
  pcapngHeader,
  pcapngPacket,
  readBlocks,
} from '../../../src/runtime/pcapng.ts';
import { ipv4Packet } from '../../support/ipv4.ts';

interface Block {
  readonly type: number;
  readonly body: Buffer;
}

/** Reads as draft-ietf-opsawg-pcapng, section 3.1, says: length before and behind, all in units of 4 bytes. */
function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at + 4);
    assert.equal(length % 4, 0);
    assert.equal(file.readUInt32LE(at + length - 4), length);
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

/** Section 3.5; the list ends with opt_endofopt, and with the block. */
function optionsOf(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  let at = 0;
  for (;;) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (code === 0) {
      assert.deepEqual([length, at + 4], [0, bytes.length]);
      return options;
    }
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

const NODES = ['n0', 'n1', 'n2'];
const AT = Date.UTC(2026, 0, 2, 3, 4, 5) + 0.25;

describe('a capture in pcapng', () => {
  it('begins with a section and an interface per node, for raw IP in microseconds', () => {
    const [section, ...faces] = blocksOf(pcapngHeader(NODES, 'Mesh-Sim Studio'));
    assert.equal(section?.type, 0x0a0d0d0a);
    assert.equal(section.body.readUInt32LE(0), 0x1a2b3c4d);
    assert.deepEqual([section.body.readUInt16LE(4), section.body.readUInt16LE(6)], [1, 0]);
    assert.equal(section.body.readBigInt64LE(8), -1n);
    assert.equal(optionsOf(section.body.subarray(16)).get(4)?.toString(), 'Mesh-Sim Studio');
    assert.equal(faces.length, NODES.length);
    faces.forEach(({ type, body }, node) => {
      assert.deepEqual([type, body.readUInt16LE(0), body.readUInt32LE(4)], [1, 101, 0]);
      const options = optionsOf(body.subarray(8));
      assert.equal(options.get(2)?.toString(), NODES[node]);
      assert.deepEqual([...(options.get(9) ?? [])], [6]);
    });
  });

  it('has each packet whole, with its interface, its time and its fate', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 90 }),
        fc.string(),
        fc.nat(2),
        (packet, comment, node) => {
          const [found, ...rest] = blocksOf(pcapngPacket({ node, at: AT, packet, comment }));
          assert.deepEqual([found?.type, rest], [6, []]);
          const { body } = found!;
          assert.equal(body.readUInt32LE(0), node);
          const us = BigInt(body.readUInt32LE(4)) * 2n ** 32n + BigInt(body.readUInt32LE(8));
          assert.equal(us, BigInt(AT * 1000));
          const [captured, original] = [body.readUInt32LE(12), body.readUInt32LE(16)];
          assert.deepEqual([captured, original], [packet.length, packet.length]);
          assert.deepEqual([...body.subarray(20, 20 + captured)], [...packet]);
          const options = optionsOf(body.subarray(20 + Math.ceil(captured / 4) * 4));
          assert.equal(options.get(1)?.toString(), Buffer.from(comment).toString());
        },
      ),
    );
  });

  it('cuts a comment that is longer than an option, at a whole character', () => {
    const [found] = blocksOf(
      pcapngPacket({ node: 0, at: AT, packet: Buffer.alloc(0), comment: `a${'é'.repeat(40_000)}` }),
    );
    const comment = optionsOf(found!.body.subarray(20)).get(1)!;
    assert.equal(comment.toString(), `a${'é'.repeat(32_767)}`);
  });

  it('says how long a packet was of which only the start is kept', () => {
    const packet = Buffer.alloc(40);
    const [found] = blocksOf(pcapngPacket({ node: 0, at: AT, packet, length: 1_500, comment: '' }));
    assert.deepEqual([found!.body.readUInt32LE(12), found!.body.readUInt32LE(16)], [40, 1_500]);
  });

  it('says of the whole file what there is to say', () => {
    const [section] = blocksOf(pcapngHeader(NODES, 'Mesh-Sim Studio', 'Headers only.'));
    assert.equal(optionsOf(section!.body.subarray(16)).get(1)?.toString(), 'Headers only.');
  });

  it('is read up to the block that was not written to its end, or that nobody wrote', () => {
    const packet = ipv4Packet();
    const whole = Buffer.concat([
      pcapngPacket({ node: 1, at: AT, packet, comment: 'delivered' }),
      pcapngDropped(AT, 7),
      pcapngPacket({ node: 0, at: AT + 5, packet, comment: 'lost' }),
    ]);
    blocksOf(whole);
    const facts = { whole, packets: 2, dropped: 7, startsAt: AT };
    assert.deepEqual(readBlocks(whole), facts);
    const next = pcapngPacket({ node: 2, at: AT, packet, comment: 'cut' });
    for (let length = 1; length < next.length; length += 1) {
      assert.deepEqual(readBlocks(Buffer.concat([whole, next.subarray(0, length)])), facts);
    }
    assert.deepEqual(readBlocks(Buffer.concat([whole, Buffer.alloc(64)])), facts);
    assert.deepEqual(readBlocks(Buffer.alloc(0)).startsAt, undefined);
  });
});
