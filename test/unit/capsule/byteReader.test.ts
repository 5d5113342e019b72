import assert from 'node:assert/strict';
import { ByteReader, EndOfBytes } from '../../../src/capsule/byteReader.ts';

/** Takes the memory of a piece back as soon as the next one is asked for. */
function* takenBack(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Uint8Array.from(bytes.subarray(at, at + pieceBytes));
    yield piece;
    piece.buffer.transfer(0);
  }
}

describe('reader of bytes', () => {
  const PRINTED = Buffer.from('3f2a blob 11\nhello\nworld\n77 blob 0\n\n');

  it('reads the same from pieces of any size that are gone once the next is asked for', async () => {
    for (let pieceBytes = 1; pieceBytes <= PRINTED.length; pieceBytes += 1) {
      const reader = new ByteReader(takenBack(PRINTED, pieceBytes));
      assert.equal((await reader.line(80)).toString(), '3f2a blob 11');
      assert.equal((await reader.take(11)).toString(), 'hello\nworld');
      assert.equal((await reader.take(1)).toString(), '\n');
      assert.equal((await reader.line(80)).toString(), '77 blob 0');
      const rest: number[] = [];
      for await (const part of reader.pieces(1)) rest.push(...part);
      assert.deepEqual(rest, [0x0a]);
      assert.equal(await reader.atEnd(), true);
      await assert.rejects(reader.take(1), EndOfBytes);
    }
  });
});
